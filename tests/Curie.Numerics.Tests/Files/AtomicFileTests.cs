using System.Diagnostics;
using Curie.Numerics.Files;
using Curie.Tests;

namespace Curie.Numerics.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_whole_or_not_at_all()
    {
        File.WriteAllText(_folder.File("a"), "before");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.File("a"), stream =>
            {
                stream.WriteByte(1);
                throw new InvalidOperationException();
            }));
        Assert.Equal("before", File.ReadAllText(_folder.File("a")));
        Assert.Equal([_folder.File("a")], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Links_are_followed_and_stay()
    {
        Directory.CreateDirectory(_folder.File("data"));
        File.WriteAllText(_folder.File("data/a"), "before");
        File.CreateSymbolicLink(_folder.File("link"), "data/a");
        File.CreateSymbolicLink(_folder.File("second"), "link");
        File.CreateSymbolicLink(_folder.File("dangling"), "data/new");
        AtomicFile.WriteAllText(_folder.File("second"), "after");
        AtomicFile.WriteAllText(_folder.File("dangling"), "new");

        Assert.Equal("after", File.ReadAllText(_folder.File("data/a")));
        Assert.Equal("new", File.ReadAllText(_folder.File("data/new")));
        Assert.Equal("data/a", new FileInfo(_folder.File("link")).LinkTarget);
        Assert.Equal("link", new FileInfo(_folder.File("second")).LinkTarget);
        Assert.Equal(OutputPlace.Real(_folder.File("data/new")), OutputPlace.Real(_folder.File("dangling")));
    }

    [Fact]
    public void Links_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(_folder.File("a"), "b");
        File.CreateSymbolicLink(_folder.File("b"), "a");
        string message = Assert.Throws<InputException>(() => AtomicFile.WriteAllText(_folder.File("a"), "")).Message;
        Assert.Contains("there are too many links", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replaced_file_keeps_who_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.WriteAllText(_folder.File("a"), "before");
        File.SetUnixFileMode(_folder.File("a"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteAllText(_folder.File("a"), "after");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("a")));
    }

    [Fact]
    public async Task Pipes_and_devices_are_written_into_and_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        AtomicFile.WriteAllText("/dev/null", "nothing");
        Assert.True(OutputPlace.IsStream("/dev/null"));

        string pipe = _folder.File("pipe");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            made.WaitForExit();
        }

        Task<string> read = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.WriteAllText(pipe, "through");
        Assert.Equal("through", await read);
        Assert.True(OutputPlace.IsStream(pipe));
        Assert.False(OutputPlace.IsStream(_folder.File("none")));
    }
}

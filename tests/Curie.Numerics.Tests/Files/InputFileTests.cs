using System.Diagnostics;
using System.Net.Sockets;
using Curie.Numerics.Files;
using Curie.Tests;

namespace Curie.Numerics.Tests.Files;

/// <summary>What is no file is refused before it is opened, which could wait for ever.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pipe_is_refused_in_a_sentence()
    {
        if (!OperatingSystem.IsWindows())
        {
            string pipe = _folder.File("model.pt");
            using (Process maker = Process.Start("mkfifo", [pipe]))
            {
                maker.WaitForExit();
            }

            Refused(pipe, "a pipe");
            File.CreateSymbolicLink(_folder.File("link"), pipe);
            Refused(_folder.File("link"), "a pipe");
        }
    }

    [Fact]
    public void Devices_and_sockets_are_refused_in_a_sentence()
    {
        if (!OperatingSystem.IsWindows())
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(_folder.File("s")));
            Refused(_folder.File("s"), "a socket");
            Refused("/dev/zero", "a device");
        }
    }

    [Fact]
    public void Files_and_links_to_them_are_opened()
    {
        File.WriteAllText(_folder.File("é.txt"), "x");
        Assert.Equal(1, InputFile.Read(_folder.File("é.txt"), stream => stream.Length));
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_folder.File("link"), _folder.File("é.txt"));
            Assert.Equal(1, InputFile.Read(_folder.File("link"), stream => stream.Length));
        }
    }

    private static void Refused(string path, string kind)
    {
        InputException refusal = Assert.Throws<InputException>(() => InputFile.Open(path));
        Assert.Equal($"{path} is {kind} where a file is needed; write what comes out of it into a file, and name that.", refusal.Message);
    }
}

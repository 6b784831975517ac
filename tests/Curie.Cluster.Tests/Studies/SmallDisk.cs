using System.Diagnostics;

namespace Curie.Cluster.Tests.Studies;

/// <summary>A file system of little space in memory, mounted at a folder; only root can make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int kilobytes)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={kilobytes}k"), "tmpfs", _folder);
    }

    /// <summary>Gives it more space.</summary>
    public void Grow(int kilobytes) => Run("mount", "-o", FormattableString.Invariant($"remount,size={kilobytes}k"), _folder);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static void Run(params IEnumerable<string> command)
    {
        using Process process = Process.Start(command.First(), command.Skip(1));
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

namespace Curie.Numerics.Files;

/// <summary>Which file or folder a path leads to, so that one that is reached by several paths is known as one.</summary>
public static class FileIdentity
{
    /// <summary>
    /// A text that is the same for two paths if they lead to the same file or folder: by a link, or on Unix by a second name of its own (a
    /// hard link). What is not there is its own full path.
    /// </summary>
    /// <param name="path">The path, whose links are followed.</param>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (SpecialFile.Identify(path) is var (device, node))
        {
            return FormattableString.Invariant($"{device}:{node}");
        }

        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return (info.ResolveLinkTarget(returnFinalTarget: true) ?? info).FullName;
    }
}

using System.Collections.Concurrent;

namespace Curie.Numerics.Files;

/// <summary>
/// What the shell pipes in under a name: <c>&lt;(…)</c>, which is <c>/dev/fd/63</c>, or <c>/dev/stdin</c>. A pipe can be read once and a
/// file again and again, so that its content is put into a file when it is first asked for; the file is deleted when the process ends.
/// </summary>
internal static class PipedFile
{
    private static readonly string[] Places = ["/dev/fd/", "/proc/self/fd/"];
    private static readonly ConcurrentDictionary<string, Lazy<string>> Copies = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a path names a pipe that the process was started with. No other pipe is opened, which could wait for ever.
    /// </summary>
    public static bool IsGiven(string path) =>
        path is "/dev/stdin" || Array.Exists(Places, place => path.StartsWith(place, StringComparison.Ordinal));

    /// <summary>The file with what came out of the pipe, to its end.</summary>
    /// <exception cref="IOException">The pipe cannot be read, or there is no room for the file.</exception>
    public static string Content(string path) => Copies.GetOrAdd(path, given => new Lazy<string>(() => Copy(given))).Value;

    private static string Copy(string path)
    {
        string copy = Path.GetTempFileName();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(copy);
        using FileStream pipe = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using FileStream file = new(copy, FileMode.Create, FileAccess.Write);
        pipe.CopyTo(file);
        return copy;
    }
}

using Curie.Numerics.Files;

namespace Curie.Studies.Folders;

/// <summary>
/// How far locks reach: on some network file systems they can be mounted such that they succeed, and keep out this machine's processes
/// alone.
/// </summary>
internal static class LockReach
{
    /// <summary>Where Linux says what is mounted where, and how.</summary>
    private const string Mounts = "/proc/self/mountinfo";

    /// <summary>The options of NFS, and of Lustre, with which locks are of the machine.</summary>
    private static readonly string[] LocalOptions = ["nolock", "local_lock=all", "local_lock=flock", "localflock"];

    /// <summary>Whether the locks of a folder are known to be this machine's alone.</summary>
    public static bool IsLocalAlone(string folder)
    {
        try
        {
            return File.Exists(Mounts) && IsLocalAlone(OutputPlace.Real(Path.GetFullPath(folder)), File.ReadLines(Mounts));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The same by lines of mountinfo: … … … … PLACE OPTIONS … - TYPE SOURCE OPTIONS.</summary>
    internal static bool IsLocalAlone(string folder, IEnumerable<string> mounts)
    {
        (int Length, bool IsLocal) best = (-1, false);
        foreach (string[] words in mounts.Select(line => line.Split(' ')))
        {
            int end = Array.IndexOf(words, "-");
            if (end < 6 || words.Length < end + 4)
            {
                continue;
            }

            // Spaces in places are written as their octal codes. Of two that are mounted at one place the later one is seen.
            string place = words[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (Holds(place, folder) && place.Length >= best.Length)
            {
                bool isShared = words[end + 1].StartsWith("nfs", StringComparison.Ordinal) || words[end + 1] == "lustre";
                best = (place.Length, isShared && words[end + 3].Split(',').Intersect(LocalOptions).Any());
            }
        }

        return best.IsLocal;
    }

    private static bool Holds(string place, string folder) =>
        folder == place || folder.StartsWith(place.EndsWith('/') ? place : place + "/", StringComparison.Ordinal);
}

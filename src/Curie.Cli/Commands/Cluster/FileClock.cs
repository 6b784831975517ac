namespace Curie.Cli.Commands.Cluster;

/// <summary>The time of the clock that stamps a folder's files, which may be a file server's and not this machine's.</summary>
internal static class FileClock
{
    /// <summary>The time now; null where no file can be made to ask.</summary>
    public static DateTime? Now(string folder)
    {
        string file = Path.Combine(folder, $".curie-clock-{Environment.MachineName}-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(file, []);
            DateTime now = File.GetLastWriteTimeUtc(file);
            File.Delete(file);
            return now;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

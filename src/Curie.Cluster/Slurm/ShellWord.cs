namespace Curie.Cluster.Slurm;

/// <summary>Any text as one word of a shell's command line.</summary>
internal static class ShellWord
{
    private const string Plain = "/._-=:,+@";

    /// <summary>The text, in quotes where it needs them.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Several words, with spaces between them.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Of));
}

using Curie.Numerics;

namespace Curie.Cluster.Slurm;

/// <summary>
/// A line <c>#SBATCH --name="value"</c>. Such lines are read by <c>sbatch</c>, not by the shell: in double quotes a backslash keeps the
/// next character, and nothing is expanded; in the names of files <c>%a</c> and its like are, and <c>%%</c> is a percent sign.
/// </summary>
internal static class BatchDirective
{
    /// <summary>An option without a value.</summary>
    public static string Of(string name) => $"#SBATCH --{name}";

    /// <summary>An option with a value.</summary>
    public static string Of(string name, string value) => $"#SBATCH --{name}={Quoted(value)}";

    /// <summary>A folder as part of the name of a file.</summary>
    /// <exception cref="InputException">There is a backslash in it, after which Slurm takes all patterns literally.</exception>
    public static string FilePattern(string folder) =>
        !folder.Contains('\\', StringComparison.Ordinal)
            ? folder.Replace("%", "%%", StringComparison.Ordinal)
            : throw new InputException($"Slurm cannot write logs into {folder}, because of the backslash in it; choose another folder.");

    private static string Quoted(string value) =>
        value.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-=:,+@%".Contains(letter, StringComparison.Ordinal))
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

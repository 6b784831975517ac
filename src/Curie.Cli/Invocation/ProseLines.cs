using System.Text.RegularExpressions;
using Spectre.Console;

namespace Curie.Cli.Invocation;

/// <summary>Lines that fit the width of files: sentences are broken between words, tables and commands are left as they are.</summary>
internal static partial class ProseLines
{
    /// <summary>The width of files, which has to fit a page.</summary>
    public const int Width = 100;

    private const int Hanging = 2;

    /// <summary>A text whose sentences fit; lines that follow a broken one are set in by two more columns than it.</summary>
    public static string Fit(string text) =>
        string.Join(
            '\n',
            text.Split('\n').SelectMany(line => line.GetCellWidth() <= Width || IsOfTable(line) || IsCommand(line) ? [line] : Broken(line))
        );

    /// <summary>Breaks a sentence between words so that no line is longer than the width, unless a word is.</summary>
    public static IEnumerable<string> Wrap(string sentence, int width)
    {
        string line = "";
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length > 0 && line.GetCellWidth() + 1 + word.GetCellWidth() > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }

    private static IEnumerable<string> Broken(string line)
    {
        int indent = line.Length - line.TrimStart(' ').Length;
        string margin = new(' ', indent);
        string hanging = new(' ', indent == 0 ? 0 : indent + Hanging);
        return Wrap(line.Trim(' '), Width - hanging.Length).Select((part, number) => (number == 0 ? margin : hanging) + part);
    }

    /// <summary>A command that is to be copied, alone in its line but for a word before it.</summary>
    private static bool IsCommand(string line) => Command.IsMatch(line);

    [GeneratedRegex(@"^ *(Next: )?(curie|kubectl|sbatch) ")]
    private static partial Regex Command { get; }

    /// <summary>Columns stand apart by two spaces or more, or by the bars of Markdown, and rules are drawn.</summary>
    private static bool IsOfTable(string line) =>
        line.StartsWith('|') || line.Contains('─', StringComparison.Ordinal) || line.Trim(' ').Contains("  ", StringComparison.Ordinal);
}

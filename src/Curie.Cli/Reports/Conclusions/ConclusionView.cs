using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports.Conclusions;

/// <summary>Draws what was found out, before anything else: the first sentence stands out, the others follow as a list.</summary>
internal static class ConclusionView
{
    private const int Indent = 2;

    /// <summary>Draws a conclusion; nothing where there is none.</summary>
    public static void Draw(IAnsiConsole console, Conclusion conclusion)
    {
        if (conclusion.Sentences.Count == 0)
        {
            return;
        }

        console.WriteLine();
        foreach (string sentence in conclusion.Sentences)
        {
            Style style = sentence == conclusion.Headline ? new Style(decoration: Decoration.Bold) : Style.Plain;
            foreach (
                (string line, int number) in ProseLines
                    .Wrap(sentence, console.Profile.Width - Indent)
                    .Select((line, number) => (line, number))
            )
            {
                console.WriteLine((number == 0 ? "• " : new string(' ', Indent)) + line, style);
            }
        }
    }

    /// <summary>A conclusion as plain lines, for output that is not drawn.</summary>
    public static IEnumerable<string> Lines(Conclusion conclusion, int width) =>
        conclusion.Sentences.SelectMany(sentence =>
            ProseLines.Wrap(sentence, width - Indent).Select((line, number) => (number == 0 ? "• " : new string(' ', Indent)) + line)
        );
}

using System.Globalization;
using Curie.Cli.Output;
using Curie.Development.Effects;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the strongest of what earlier heads do through later ones.</summary>
internal static class PathView
{
    private const int MostDrawn = 12;
    private const double LeastErrors = 3;

    private const string Explanation =
        "Nats by which losses rise when the second head alone reads a network in which the first is replaced by its mean, ± standard error "
        + "over rows; the largest that are more than three errors from 0. What a head does by other ways is not in it.";

    /// <summary>One table, the strongest first.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<MeanPath> paths)
    {
        console.Heading("What heads do through later heads, by path ablation");
        MeanPath[] strongest =
        [
            .. paths
                .Where(path => Math.Abs(path.Mean) > LeastErrors * path.StandardError)
                .OrderByDescending(path => Math.Abs(path.Mean))
                .Take(MostDrawn),
        ];
        if (strongest.Length == 0)
        {
            console.Note("No pair of heads changes the loss of any probe or pattern by three standard errors.");
            return;
        }

        console.WriteLine(
            TextTable.Render(
                ["path", "tokens", "number", "loss without it", "± s.e."],
                strongest.Select(path =>
                    new[]
                    {
                        $"{path.Sender} → {path.Receiver}",
                        $"{path.Over} {path.Name}",
                        path.Tokens.ToString(CultureInfo.InvariantCulture),
                        path.Mean.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture),
                        path.StandardError.ToString("0.0000", CultureInfo.InvariantCulture),
                    }
                )
            )
        );
        console.Note(Explanation);
    }
}

using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Response.Comparison;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the differences of two runs.</summary>
internal sealed class RunComparisonView(string first, string second, RunComparison comparison, Conclusion conclusion)
{
    private const int MostLines = 20;
    private static readonly string[] ProbeHeader = ["probe"];
    private static readonly string[] FigureHeaders = ["first", "second", "difference", "q"];

    /// <summary>Draws the conclusion, then what stands out, or everything.</summary>
    /// <param name="console">Where.</param>
    /// <param name="all">Whether differences are drawn that do not stand out.</param>
    public void Draw(IAnsiConsole console, bool all)
    {
        ConclusionView.Draw(console, conclusion);
        DrawTable(console, [.. comparison.Coefficients], "λ̂", "", all);
        ResponsePart part = ResponsePart.Parse(comparison.Part);
        DrawTable(console, [.. comparison.Responses], part.Symbol, part.Unit, all);
        console.WriteLine();
        console.Note(
            "Difference: the second run less the first; errors of the runs are taken as independent. q: p by Welch's t, corrected for "
                + $"all {comparison.Responses.Count + comparison.Coefficients.Count} differences (Benjamini and Hochberg)."
        );
    }

    /// <summary>The comparison as one object.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["runs"] = new JsonArray(first, second),
            ["conclusion"] = new JsonArray([.. conclusion.Sentences.Select(sentence => (JsonNode)sentence)]),
            ["part"] = comparison.Part,
            ["matched"] = comparison.Matched,
            ["responses"] = new JsonArray([.. comparison.Responses.Select(Node)]),
            ["llc"] = new JsonArray([.. comparison.Coefficients.Select(Node)]),
            ["correlations"] = new JsonObject(
                comparison.Correlations.Select(one => KeyValuePair.Create(one.Key, RecordJson.Number(one.Value)))
            ),
        };

    private static JsonNode Node(ResponseDifference one) =>
        new JsonObject
        {
            ["component"] = one.Component,
            ["partner"] = one.Partner,
            ["probe"] = one.Probe,
            ["first"] = RecordJson.Number(one.First),
            ["first_se"] = RecordJson.Number(one.FirstError),
            ["second"] = RecordJson.Number(one.Second),
            ["second_se"] = RecordJson.Number(one.SecondError),
            ["difference"] = RecordJson.Number(one.Difference.Mean),
            ["difference_se"] = RecordJson.Number(one.Difference.StandardError),
            ["p"] = RecordJson.Number(one.P),
            ["q"] = RecordJson.Number(one.Q),
        };

    private void DrawTable(IAnsiConsole console, ResponseDifference[] differences, string symbol, string unit, bool all)
    {
        ResponseDifference[] shown = [.. differences.Where(one => all || one.Q < RunComparison.Discovery).OrderBy(one => one.P)];
        if (shown.Length == 0)
        {
            return;
        }

        int count = all ? shown.Length : Math.Min(shown.Length, MostLines);
        NumberScale scale = NumberScale.For(shown.SelectMany(one => new[] { one.First, one.Second, one.Difference.Mean }));
        string title = all ? $"All differences of {symbol}" : $"Differences of {symbol} that stand out, the surest first";
        console.Heading(unit.Length == 0 && scale.Unit("").Trim().Length == 0 ? title : $"{title}, {scale.Unit(unit).Trim()}");
        bool hasProbe = shown[0].Probe is not null;
        console.WriteLine(
            TextTable.Render(
                [comparison.Matched ? "head, counterpart" : "component", .. hasProbe ? ProbeHeader : [], .. FigureHeaders],
                shown
                    .Take(count)
                    .Select(one =>
                        (string[])
                            [
                                comparison.Matched ? $"{one.Component}, {one.Partner}" : one.Component,
                                .. hasProbe ? new[] { one.Probe! } : [],
                                scale.Of(one.First, one.FirstError),
                                scale.Of(one.Second, one.SecondError),
                                scale.Of(one.Difference.Mean, one.Difference.StandardError),
                                one.Q < 0.0001 ? "< 0.0001" : EstimateText.Of(one.Q, 2),
                            ]
                    )
            )
        );
        if (count < shown.Length)
        {
            console.Note($"  … and {Counted.Of(shown.Length - count, "line")} more, with --verbose.");
        }
    }
}

using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Coefficients;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Studies.Conclusions;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie llc</c> over several checkpoints says at its end.</summary>
/// <param name="folder">The study's folder.</param>
/// <param name="table">Its table.</param>
/// <param name="verbose">Whether the whole table is shown.</param>
internal sealed class LlcStudyReport(string folder, CoefficientTable table, bool verbose)
{
    /// <summary>The table is shown on the terminal up to so many lines; the whole is in the file.</summary>
    private const int MostLines = 24;

    private static readonly string[] Headers = ["checkpoint", "component", "data", "λ̂", "± s.e.", "L0", "lost", "health"];

    /// <summary>The chains that were left out, each in a sentence.</summary>
    public IReadOnlyList<string> Excluded { get; } =
    [
        .. from row in table.Rows
        from chain in row.Excluded
        select $"chain {chain.Chain} of {row.Component} at {row.Checkpoint} on {row.Data} was stopped at draw "
            + $"{chain.Draw}: {chain.Reason}.",
    ];

    /// <summary>The first lines of the table, how many figures have a verdict against them, and where everything is.</summary>
    public string Text
    {
        get
        {
            int unhealthy = table.Rows.Count(row => row.Health != CoefficientRecord.Healthy);
            int shown = verbose ? table.Rows.Count : Math.Min(table.Rows.Count, MostLines);
            string more = table.Rows.Count > shown ? $"… and {Counted.Of(table.Rows.Count - shown, "line")} more, with --verbose.\n" : "";
            string health =
                unhealthy == 0
                    ? ""
                    : $"{unhealthy} of {table.Rows.Count} figures have a verdict against them: column health"
                        + $"{(verbose ? "" : ", by name with --verbose")}; in words under notes in {CoefficientTable.JsonName}.\n";
            string conclusion = string.Concat(
                ConclusionView.Lines(CoefficientStudyConclusion.Of(table), ProseLines.Width).Select(line => line + "\n")
            );
            return $"{conclusion}\n{TextTable.Render(Headers, table.Rows.Take(shown).Select(Line))}\n{more}{health}Wrote "
                + $"{Path.Combine(folder, CoefficientTable.CsvName)} and {CoefficientTable.JsonName}.";
        }
    }

    private string[] Line(CoefficientRow row) =>
        [
            row.Checkpoint,
            row.Component,
            row.Data,
            Number(row.Value, 5),
            Number(row.Se, 4),
            Number(row.Loss, 6),
            ShareText.Of(row.KnowledgeLost),
            verbose || row.Health == CoefficientRecord.Healthy ? row.Health : Counted.Of(row.Health.Split(';').Length, "verdict"),
        ];

    private static string Number(double? value, int digits) => value is { } known ? EstimateText.Of(known, digits) : "-";
}

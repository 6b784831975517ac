using System.Globalization;
using Curie.Cli.Output;
using Curie.Development.Coefficients;
using Curie.Networks.Models;
using Curie.Numerics;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie llc</c> over several checkpoints says at its end.</summary>
internal sealed class LlcStudyReport(string folder, CoefficientTable table)
{
    /// <summary>The table is shown on the terminal up to so many lines; the whole is in the file.</summary>
    private const int MostLines = 60;

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
            string more = table.Rows.Count > MostLines ? $"… and {Counted.Of(table.Rows.Count - MostLines, "line")} more.\n" : "";
            string health =
                unhealthy == 0
                    ? ""
                    : $"{unhealthy} of {table.Rows.Count} figures have a verdict against them: column health; in words under notes in "
                        + $"{CoefficientTable.JsonName}.\n";
            return $"{TextTable.Render(Headers, table.Rows.Take(MostLines).Select(Line))}\n{more}{health}Wrote "
                + $"{Path.Combine(folder, CoefficientTable.CsvName)} and {CoefficientTable.JsonName}.";
        }
    }

    private static string[] Line(CoefficientRow row) =>
        [
            row.Checkpoint,
            row.Component,
            row.Data,
            Number(row.Value, 5),
            Number(row.Se, 4),
            Number(row.Loss, 6),
            ShareText.Of(row.KnowledgeLost),
            row.Health,
        ];

    private static string Number(double? value, int digits) => value?.ToString($"G{digits}", CultureInfo.InvariantCulture) ?? "-";
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Numerics;
using Curie.Response.Coverage;
using Curie.Response.Runs;

namespace Curie.Cli.Reports;

/// <summary>The coverage of nominal 95 % intervals as a Markdown table and as JSON.</summary>
internal static class CoverageReport
{
    /// <summary>
    /// A line for every quantity and a column for every case: coverage in percent, in bold where it is short of 93 % and in italics where
    /// it is above 97 %, and in parentheses the error ratio.
    /// </summary>
    public static string Text(IReadOnlyList<CoverageResult> results)
    {
        StringBuilder text = new();
        text.Append("| 95 % intervals of |")
            .AppendJoin('|', results.Select(result => $" {result.Case.Name} "))
            .Append("|\n|---|")
            .Insert(text.Length, "---:|", results.Count)
            .Append('\n');
        foreach (string quantity in results[0].Rows.Select(row => row.Quantity))
        {
            IEnumerable<string> cells = results
                .Select(result => result.Rows.First(row => row.Quantity == quantity))
                .Select(row =>
                    string.Create(CultureInfo.InvariantCulture, $" {Mark(row)}{100 * row.Coverage:0.0}{Mark(row)} ({row.ErrorRatio:0.00}) ")
                );
            text.Append(CultureInfo.InvariantCulture, $"| {quantity.Replace("|", "\\|", StringComparison.Ordinal)} |")
                .AppendJoin('|', cells)
                .Append("|\n");
        }

        double largest = results.SelectMany(result => result.Rows).Max(row => row.CoverageError);
        CoverageRow[] held = [.. results.Where(result => !result.Case.ShowsLimits).SelectMany(result => result.Rows)];
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{held.Count(row => !row.IsShort)} hold, {held.Count(row => row.IsShort)} are short, and "
                + $"{results.Where(result => result.Case.ShowsLimits).Sum(result => result.Rows.Count)} are of cases that show limits.\n"
        );
        return text.Append(
                CultureInfo.InvariantCulture,
                $"\nPercent of {Counted.Of(results[0].Replicates, "replicate")} that hold the truth, known to {100 * largest:0.0} "
                    + $"or better; in parentheses the standard error over the true one. Bold: below {100 * CoverageRow.Least:0} % by more "
                    + $"than two standard errors of the study; in italics: above {100 * CoverageRow.Most:0} %."
            )
            .ToString();
    }

    /// <summary>The same for scripts.</summary>
    public static JsonObject Json(IReadOnlyList<CoverageResult> results) =>
        new()
        {
            ["cases"] = new JsonArray([
                .. results.Select(result => new JsonObject
                {
                    ["case"] = result.Case.Name,
                    ["shows_limits"] = result.Case.ShowsLimits,
                    ["coupled"] = result.Case.Coupled,
                    ["nbeta"] = result.Case.NBeta,
                    ["localization"] = result.Case.Localization,
                    ["persistence"] = result.Case.Persistence,
                    ["chains"] = result.Case.Chains,
                    ["draws"] = result.Case.Draws,
                    ["copies"] = result.Case.Copies,
                    ["contrast"] = result.Case.Contrast,
                    ["shared_minibatches"] = result.Case.SharedMinibatches,
                    ["replicates"] = result.Replicates,
                    ["quantities"] = new JsonArray([
                        .. result.Rows.Select(row => new JsonObject
                        {
                            ["quantity"] = row.Quantity,
                            ["coverage"] = RecordJson.Number(row.Coverage),
                            ["coverage_se"] = RecordJson.Number(row.CoverageError),
                            ["error_ratio"] = RecordJson.Number(row.ErrorRatio),
                            ["short"] = row.IsShort,
                            ["wide"] = row.IsWide,
                        }),
                    ]),
                }),
            ]),
        };

    private static string Mark(CoverageRow row) =>
        row.IsShort ? "**"
        : row.IsWide ? "*"
        : "";
}

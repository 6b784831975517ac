using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Networks.Benchmarking;
using Curie.Numerics;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Simd;
using Curie.Response.Runs;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws measured speeds: a row per kernel, and columns per number of threads.</summary>
internal static class BenchView
{
    private static readonly string[] MemoryUnits = ["GB/s", "10⁹/s"];
    private static readonly string[] ModelUnits = ["tokens/s", "% of peak"];

    /// <summary>Draws the table.</summary>
    public static void Draw(IAnsiConsole console, string processor, SimdWidth width, IReadOnlyList<BenchResults> results)
    {
        console.Heading($"{processor}, {(width == SimdWidth.Scalar ? "scalar" : $"{(int)width}-bit vectors")}");
        Table table = new Table().Border(TableBorder.Simple).AddColumn("kernel").AddColumn("shape");
        foreach (BenchResults result in results)
        {
            string threads = Counted.Of(result.Threads, "thread");
            table.AddColumn(new TableColumn($"{threads}\nGFLOP/s").RightAligned()).AddColumn(new TableColumn("% of\npeak").RightAligned());
        }

        table.AddRow(
            Row("fused multiply-add", "registers only: the peak", results.SelectMany(result => new[] { Number(result.Peak), "100.0" }))
        );
        for (int i = 0; i < results[0].Kernels.Count; i++)
        {
            KernelRate named = results[0].Kernels[i];
            table.AddRow(
                Row(
                    named.Kernel,
                    named.Shape,
                    results
                        .Select(result => result.Kernels[i])
                        .SelectMany(rate => new[] { Number(rate.GigaflopsPerSecond), Percent(rate.FractionOfPeak) })
                )
            );
        }

        if (results[0].Memory.Count > 0)
        {
            table.AddEmptyRow();
            table.AddRow(Row("memory-bound", "", results.SelectMany(_ => MemoryUnits)));
        }

        for (int i = 0; i < results[0].Memory.Count; i++)
        {
            MemoryRate named = results[0].Memory[i];
            table.AddRow(
                Row(
                    named.Kernel,
                    named.Shape,
                    results
                        .Select(result => result.Memory[i])
                        .SelectMany(rate => new[] { Number(rate.GigabytesPerSecond), Number(rate.ElementsPerSecond) })
                )
            );
        }

        table.AddEmptyRow();
        table.AddRow(Row(results[0].ModelName, "", results.SelectMany(_ => ModelUnits)));
        for (int i = 0; i < results[0].Model.Count; i++)
        {
            table.AddRow(
                Row(
                    results[0].Model[i].Work,
                    $"2 rows × {results[0].RowLength}",
                    results
                        .Select(result => result.Model[i])
                        .SelectMany(rate => new[] { Number(rate.TokensPerSecond), Percent(rate.FractionOfPeak) })
                )
            );
        }

        console.Write(table);
        console.Note("Only necessary operations count: no recomputation, the causal half of attention, no exponentials.");
        console.Note("A token counts once for every component and chain; each measurement has a peak of its own, measured beside it.");
        if (results[0].Kernels.Count > 0)
        {
            console.Note("Shapes of products are M×N×K. 10⁹/s counts elements (parameters or matrix entries).");
        }
    }

    /// <summary>One number of threads as an object.</summary>
    public static JsonObject ToJson(BenchResults results) =>
        new()
        {
            ["threads"] = results.Threads,
            ["peak_gflops"] = RecordJson.Number(results.Peak),
            ["kernels"] = new JsonArray([
                .. results.Kernels.Select(rate => new JsonObject
                {
                    ["kernel"] = rate.Kernel,
                    ["shape"] = rate.Shape,
                    ["gflops"] = RecordJson.Number(rate.GigaflopsPerSecond),
                    ["fraction_of_peak"] = RecordJson.Number(rate.FractionOfPeak),
                }),
            ]),
            ["memory"] = new JsonArray([
                .. results.Memory.Select(rate => new JsonObject
                {
                    ["kernel"] = rate.Kernel,
                    ["shape"] = rate.Shape,
                    ["gigabytes_per_second"] = RecordJson.Number(rate.GigabytesPerSecond),
                    ["elements_per_second"] = RecordJson.Number(1e9 * rate.ElementsPerSecond),
                }),
            ]),
            ["row_length"] = results.RowLength,
            ["model"] = new JsonArray([
                .. results.Model.Select(rate => new JsonObject
                {
                    ["work"] = rate.Work,
                    ["tokens_per_second"] = RecordJson.Number(rate.TokensPerSecond),
                    ["operations_per_token"] = RecordJson.Number(rate.OperationsPerToken),
                    ["fraction_of_peak"] = RecordJson.Number(rate.FractionOfPeak),
                }),
            ]),
        };

    private static Markup[] Row(string kernel, string shape, IEnumerable<string> numbers) =>
        [.. numbers.Prepend(shape).Prepend(kernel).Select(cell => new Markup(Markup.Escape(cell)))];

    private static string Number(double value) =>
        value.ToString(
            value >= 1000 ? "0"
                : value >= 100 ? "0.0"
                : value >= 10 ? "0.00"
                : "0.000",
            CultureInfo.InvariantCulture
        );

    private static string Percent(double fraction) => (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture);
}

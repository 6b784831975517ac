using System.Text.Json.Nodes;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Configuration;
using Curie.Studies.Susceptibilities;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie scan</c> says at its end: the excess of every component to every probe, and where to look further.</summary>
/// <param name="run">The scan.</param>
/// <param name="configuration">What was asked for.</param>
/// <param name="folder">The run folder; null where none was written.</param>
/// <param name="conclusion">What was found out.</param>
internal sealed class ScanReport(SusceptibilityRun run, ScanConfiguration configuration, string? folder, Conclusion conclusion)
{
    private readonly ResponseTable _table = new(ResponsePart.Excess, run.Manifest.ProbeNames, run.Manifest.Components, run.Data.Dataset);

    /// <summary>The table for a reader.</summary>
    public void Draw(IAnsiConsole console)
    {
        ConclusionView.Draw(console, conclusion);
        ResponseTableView.Draw(console, _table, run.Manifest);
        foreach (string note in Notes())
        {
            console.Note($"  {note}");
        }

        console.WriteLine();
        console.WriteLine(
            folder is null
                ? "Nothing was written; with --out RUN, curie structure RUN shows modes and tokens."
                : $"{Path.Combine(folder, RunFolder.ArrayFileName)}: {Counted.Of(run.Manifest.Shape.Components, "component")}, "
                    + $"{Counted.Of(run.Manifest.Shape.Tokens, "token")}. For modes and tokens: curie structure {folder} --centring z-score"
        );
    }

    /// <summary>The same for scripts.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["run"] = folder,
            ["conclusion"] = new JsonArray([.. conclusion.Sentences.Select(sentence => (JsonNode)sentence)]),
            ["warnings"] = LossRowsWords.Warning(run.Manifest) is { } warning ? new JsonArray(warning) : new JsonArray(),
            ["components"] = run.Manifest.Shape.Components,
            ["tokens"] = run.Manifest.Shape.Tokens,
            ["pairs"] = run.Manifest.Shape.Units * run.Manifest.Shape.Draws,
            ["localization"] = configuration.Options.Localization,
            ["loss_data"] = configuration.Data,
            ["init_loss"] = RecordJson.Number(run.Data.InitLossMean),
            ["mean_loss"] = new JsonObject(
                run.Manifest.Health.Skip(1)
                    .Select(one => KeyValuePair.Create(one.Component, RecordJson.Number(one.Diagnostics["mean_loss"])))
            ),
            ["excess"] = new JsonArray([
                .. from probe in Enumerable.Range(0, _table.Probes.Count)
                from component in Enumerable.Range(0, _table.Components.Count)
                select new JsonObject
                {
                    ["probe"] = _table.Probes[probe],
                    ["component"] = _table.Components[component],
                    ["value"] = RecordJson.Number(_table.Value(probe, component)),
                    ["standard_error"] = RecordJson.Number(_table.StandardError(probe, component)),
                },
            ]),
            ["notes"] = new JsonArray([.. Notes().Select(note => (JsonNode)note)]),
        };

    private IEnumerable<string> Notes() =>
        [
            RunWords.Scan(run.Manifest)!,
            .. from component in run.Manifest.Health.Skip(1) from note in component.Notes select $"{component.Component}: {note}",
        ];
}

using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary>What <c>curie susceptibility</c> says at its end.</summary>
/// <param name="path">The run folder.</param>
/// <param name="manifest">Its manifest.</param>
/// <param name="found">What was found out; null where it is not said here.</param>
/// <param name="verbose">Whether the note of every component stands on a line of its own.</param>
internal sealed class SusceptibilityReport(string path, RunManifest manifest, RunFindings? found, bool verbose)
{
    private const string FullName = "full";

    private readonly Conclusion _conclusion = found is null ? new Conclusion([]) : RunConclusion.Of(found);

    /// <summary>The chains that were left out, each in a sentence.</summary>
    public IReadOnlyList<string> Excluded { get; } =
    [
        .. from component in manifest.Health
        from chain in component.Chains
        where chain.Status == ChainStatus.Excluded
        select $"chain {chain.Chain} of {component.Component} was stopped at draw {chain.Draw}: {chain.Reason}.",
    ];

    /// <summary>
    /// What was found out; then where the result is, how many chains it rests on, how much of the model is left where they live, and what
    /// to know of the components.
    /// </summary>
    public string Text =>
        string.Join(
            '\n',
            [
                .. ConclusionView.Lines(_conclusion, ProseLines.Width),
                "",
                .. new[] { Rests() }.Concat(KnowledgeLost()).Concat(Notes()).SelectMany(line => ProseLines.Wrap(line, ProseLines.Width)),
            ]
        );

    /// <summary>The same for scripts.</summary>
    public JsonObject Json =>
        new()
        {
            ["run"] = path,
            ["conclusion"] = new JsonArray([.. _conclusion.Sentences.Select(sentence => (JsonNode)sentence)]),
            ["warnings"] = LossRowsWords.Warning(manifest) is { } warning ? new JsonArray(warning) : new JsonArray(),
            ["control"] = manifest.Control,
            ["control_verdict"] = found?.Verdict is { } verdict ? RecordJson.ToNode(verdict) : null,
            ["covariance"] = RunWords.Of(manifest.Estimator),
            ["observable"] = manifest.Observable?.ToString(),
            ["arrays"] = Path.Combine(path, RunFolder.ArrayFileName),
            ["components"] = manifest.Shape.Components,
            ["tokens"] = manifest.Shape.Tokens,
            ["chains"] = manifest.Health.Sum(component => component.Chains.Count),
            ["excluded"] = new JsonArray([
                .. from component in manifest.Health
                from chain in component.Chains
                where chain.Status == ChainStatus.Excluded
                select new JsonObject
                {
                    ["component"] = component.Component,
                    ["chain"] = chain.Chain,
                    ["draw"] = chain.Draw,
                    ["reason"] = chain.Reason,
                },
            ]),
            ["knowledge_lost"] = new JsonObject(
                manifest.Health.Select(component => KeyValuePair.Create(component.Component, (JsonNode?)Lost(component)))
            ),
            ["notes"] = new JsonObject(
                manifest
                    .Health.Where(component => component.Notes.Count > 0)
                    .Select(component =>
                        KeyValuePair.Create(
                            component.Component,
                            (JsonNode?)new JsonArray([.. component.Notes.Select(note => (JsonNode)note)])
                        )
                    )
            ),
        };

    private static double? Lost(ComponentHealth component) => component.Diagnostics.GetValueOrDefault("knowledge_lost");

    private string Rests() =>
        $"{Path.Combine(path, RunFolder.ArrayFileName)}: {Counted.Of(manifest.Shape.Components, "component")}, "
        + $"{Counted.Of(manifest.Shape.Tokens, "token")}; {Diverged()}. Covariance: "
        + $"{RunWords.Of(manifest.Estimator)}."
        + (manifest.Observable is { } observable ? $" Observed: {observable}." : "")
        + (manifest.Control ? " A control at nβ = 0." : "");

    private string Diverged()
    {
        int all = manifest.Health.Sum(component => component.Chains.Count);
        string chains = Counted.Of(all, "chain");
        return Excluded.Count == 0
            ? all == 1
                ? "its chain did not diverge"
                : $"none of {chains} diverged"
            : $"{Excluded.Count} of {chains} diverged and {(Excluded.Count == 1 ? "is" : "are")} left out";
    }

    private IEnumerable<string> KnowledgeLost()
    {
        (string Component, double Lost)[] known =
        [
            .. manifest
                .Health.Select(component => (component.Component, Lost: Lost(component) ?? double.NaN))
                .Where(one => double.IsFinite(one.Lost)),
        ];
        if (known.Length == 0)
        {
            yield break;
        }

        if (verbose)
        {
            yield return "What the model knows and the chains have lost: "
                + $"{string.Join(", ", known.Select(one => $"{one.Component} {ShareText.Of(one.Lost)}"))}.";
            yield break;
        }

        (string Component, double Lost)[] parts = [.. known.Where(one => one.Component != FullName).OrderBy(one => one.Lost)];
        string full = known.FirstOrDefault(one => one.Component == FullName) is { Component: not null } whole
            ? $"{FullName} {ShareText.Of(whole.Lost)}"
            : "";
        string others =
            parts.Length == 0
                ? ""
                : $"the components {ShareText.Of(parts[0].Lost)} to {ShareText.Of(parts[^1].Lost)} ({parts[^1].Component})";
        yield return $"What the model knows and the chains have lost: "
            + $"{string.Join("; ", new[] { full, others }.Where(one => one.Length > 0))}.";
    }

    private IEnumerable<string> Notes()
    {
        (string Component, string Note)[] notes =
        [
            .. from component in manifest.Health from note in component.Notes select (component.Component, note),
        ];
        return verbose ? notes.Select(note => $"{note.Component}: {note.Note}") : NoteSummary.Of(notes, manifest.Health.Count);
    }
}

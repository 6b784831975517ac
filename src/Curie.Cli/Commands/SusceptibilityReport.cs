using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Cli.Commands;

/// <summary>What <c>curie susceptibility</c> says at its end.</summary>
internal sealed class SusceptibilityReport(string path, RunManifest manifest)
{
    /// <summary>The chains that were left out, each in a sentence.</summary>
    public IReadOnlyList<string> Excluded { get; } =
    [
        .. from component in manifest.Health
        from chain in component.Chains
        where chain.Status == ChainStatus.Excluded
        select $"chain {chain.Chain} of {component.Component} was stopped at draw {chain.Draw}: {chain.Reason}.",
    ];

    /// <summary>
    /// Where the result is, how many chains it rests on, how much of the model is left where they live, and what to know of each component.
    /// </summary>
    public string Text
    {
        get
        {
            int chains = manifest.Health.Sum(component => component.Chains.Count);
            return string.Join(
                '\n',
                KnowledgeLost()
                    .Concat(Notes())
                    .Prepend(
                        $"{Path.Combine(path, RunFolder.ArrayFileName)}: {Counted.Of(manifest.Shape.Components, "component")}, "
                            + $"{Counted.Of(manifest.Shape.Tokens, "token")}; {chains - Excluded.Count} of "
                            + $"{Counted.Of(chains, "chain")} healthy, {Excluded.Count} left out. Covariance: "
                            + $"{RunWords.Of(manifest.Estimator)}."
                            + (manifest.Observable is { } observable ? $" Observed: {observable}." : "")
                            + (manifest.Control ? " A control at nβ = 0." : "")
                    )
            );
        }
    }

    /// <summary>The same for scripts.</summary>
    public JsonObject Json =>
        new()
        {
            ["run"] = path,
            ["control"] = manifest.Control,
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

    private IEnumerable<string> KnowledgeLost()
    {
        if (manifest.Health.Any(component => Lost(component) is not null))
        {
            yield return "What the model knows and the chains have lost: "
                + $"{string.Join(", ", manifest.Health.Select(component => $"{component.Component} {ShareText.Of(Lost(component))}"))}.";
        }
    }

    private IEnumerable<string> Notes() =>
        from component in manifest.Health
        from note in component.Notes
        select $"  {component.Component}: {note}";
}

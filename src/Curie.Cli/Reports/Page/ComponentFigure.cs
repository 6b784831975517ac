using System.Text.Json.Nodes;
using Curie.Numerics.Statistics;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Cli.Reports.Page;

/// <summary>One figure of every component, for the page's table of head roles.</summary>
/// <param name="Name">The column's title.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Values">By component; those without one are left out.</param>
internal sealed record ComponentFigure(string Name, string Meaning, IReadOnlyDictionary<string, MeanEstimate> Values)
{
    /// <summary>λ̂ = nβ·(E[P] − L0) from the run's own traces, with its sampling error; null where the run has no nβ (a control).</summary>
    public static ComponentFigure? LearningCoefficients(SusceptibilityRun run, double nbeta)
    {
        if (!(nbeta > 0))
        {
            return null;
        }

        Dictionary<string, MeanEstimate> values = [];
        for (int component = 0; component < run.Manifest.Components.Count; component++)
        {
            double[][] healthy = run.Data.HealthyTraces(component + 1);
            if (healthy.Length > 0 && healthy[0].Length > 0)
            {
                LearningCoefficient found = LearningCoefficient.Estimate(healthy, run.Data.InitLossMean, nbeta);
                values[run.Manifest.Components[component]] =
                    new MeanEstimate(found.Value, found.SamplingError ?? double.NaN, found.SamplingDegreesOfFreedom);
            }
        }

        return new ComponentFigure("λ̂", "Local learning coefficient nβ·(E[P] − L0), from this run's draws, with its sampling error.", values);
    }

    /// <summary>The figure under the components' order.</summary>
    public JsonObject ToJson(IReadOnlyList<string> components) => new()
    {
        ["name"] = Name,
        ["meaning"] = Meaning,
        ["values"] = Column(components, estimate => estimate.Mean),
        ["errors"] = Column(components, estimate => estimate.StandardError),
    };

    private JsonArray Column(IReadOnlyList<string> components, Func<MeanEstimate, double> figure) =>
        new([.. components.Select(name => Values.TryGetValue(name, out MeanEstimate estimate) ? PageJson.Number(figure(estimate)) : null)]);
}

using Curie.Numerics.Statistics;
using Curie.Sampling;

namespace Curie.Response.Runs;

/// <summary>The local learning coefficients that a susceptibility run gives by the way.</summary>
public static class RunCoefficients
{
    /// <summary>
    /// λ̂ = nβ·(E[P] − L0) of every component whose chains were sampled to their end, from the run's own traces, with its sampling error
    /// and
    /// the degrees of freedom of that; what rows add to the error is not in it.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="nbeta">nβ.</param>
    /// <returns>By component, `full` among them; empty where nβ is 0, as in a control or a scan.</returns>
    /// <remarks>Source: Lau et al., arXiv 2308.12108, definition 1.</remarks>
    public static IReadOnlyDictionary<string, MeanEstimate> Of(SusceptibilityRun run, double nbeta)
    {
        ArgumentNullException.ThrowIfNull(run);
        Dictionary<string, MeanEstimate> values = [];
        for (int place = 0; nbeta > 0 && place < run.Manifest.Shape.Runs; place++)
        {
            double[][] healthy = run.Data.HealthyTraces(place);
            if (healthy.Length > 0 && healthy[0].Length > 0)
            {
                LearningCoefficient found = LearningCoefficient.Estimate(
                    healthy,
                    run.Data.InitLossMean,
                    nbeta,
                    batches: run.Manifest.Shape.Batches
                );
                values[run.Manifest.Runs[place]] = new MeanEstimate(
                    found.Value,
                    found.SamplingError ?? double.NaN,
                    found.SamplingDegreesOfFreedom
                );
            }
        }

        return values;
    }
}

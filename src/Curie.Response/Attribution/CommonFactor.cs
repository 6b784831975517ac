using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>What the renormalisation term has in common over components: the full run's shift f, and each component's factor φ on it.</summary>
public static class CommonFactor
{
    /// <summary>f_i = F_i − (ℓ_i(w*) − L0), the full run's shift less its value at the checkpoint, in nats; one per token.</summary>
    public static double[] Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Array.ConvertAll(run.Data.FullExcess, value => (double)value);
    }

    /// <summary>φ_c = E_c[P] − L0 over the healthy chains of a component, or pairs of chains, in nats; 0 where it has none.</summary>
    public static double Phi(SusceptibilityRun run, int component)
    {
        ArgumentNullException.ThrowIfNull(run);
        double[][] traces = run.Data.HealthyTraces(component + 1);
        return traces.Length > 0 ? traces.Average(trace => trace.Average(loss => loss - run.Data.InitLossMean)) : 0;
    }
}

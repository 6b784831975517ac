using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>What the renormalisation term has in common over components: the full run's shift f, and each component's factor φ on it.</summary>
public static class CommonFactor
{
    /// <summary>f_i = F_i − (ℓ_i(w*) − L0), the full run's shift less its value at the checkpoint, in nats; one per token.</summary>
    public static double[] Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        double[] factor = new double[run.Data.Tokens.Count];
        for (int i = 0; i < factor.Length; i++)
        {
            factor[i] = run.Data.FullShift[i] - (run.Data.Tokens.InitLoss[i] - run.Data.InitLossMean);
        }

        return factor;
    }

    /// <summary>φ_c = E_c[P] − L0 over the healthy chains of a component, in nats; 0 where it has none.</summary>
    public static double Phi(SusceptibilityRun run, int component)
    {
        ArgumentNullException.ThrowIfNull(run);
        double sum = 0;
        int chains = 0;
        for (int chain = 0; chain < run.Manifest.Shape.Chains; chain++)
        {
            ReadOnlySpan<double> trace = run.Data.Trace(component + 1, chain);
            double total = 0;
            foreach (double loss in trace)
            {
                total += loss - run.Data.InitLossMean;
            }

            // A stopped chain's trace ends in NaN.
            if (double.IsFinite(total))
            {
                sum += total / trace.Length;
                chains++;
            }
        }

        return chains > 0 ? sum / chains : 0;
    }
}

using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>
/// What the renormalisation term has in common over components: the full run's shift f, and each component's factor φ on it.
/// </summary>
public static class CommonFactor
{
    /// <summary>f_i = F_i − (ℓ_i(w*) − L0), the full run's shift less its value at the checkpoint, in nats; one per token.</summary>
    public static double[] Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Array.ConvertAll(run.Data.FullExcess, value => (double)value);
    }

    /// <summary>φ_c = E_c[φ] over the healthy chains of a component, or pairs of chains, in nats; 0 where it has none.</summary>
    public static double Phi(SusceptibilityRun run, int component)
    {
        ArgumentNullException.ThrowIfNull(run);
        int chains = run.Data.Shape.ChainsPerUnit;
        double[] means =
        [
            .. Enumerable
                .Range(0, run.Data.Shape.Units)
                .Select(unit => Enumerable.Range(unit * chains, chains).Average(chain => run.Data.MeanPhi(component + 1, chain, ..)))
                .Where(double.IsFinite),
        ];
        return means.Length > 0 ? means.Average() : 0;
    }
}

using Curie.Numerics;
using Curie.Response.Modes;

namespace Curie.Response.Designs;

/// <summary>
/// The direction of a target over components, and the filter f_c = Σ_k v_kc·(v_k·a)/σ_k² over the modes in the inverse, σ_k² the variance
/// over tokens of score_k: with it Σ_c X_ic·f_c = n·(χ⁺a)_i.
/// </summary>
/// <param name="Direction">a, of length 1.</param>
/// <param name="Filter">f.</param>
/// <param name="Modes">The modes in the inverse, from 1.</param>
internal sealed record DesignInverse(double[] Direction, double[] Filter, IReadOnlyList<int> Modes)
{
    /// <summary>Modes of a smaller share of the variance are what float32 leaves of none: (2⁻²⁴)² = 4e-15, with a wide margin.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Finds the filter.</summary>
    /// <exception cref="InputException">No mode is known well enough, or the component has no part in those that are.</exception>
    public static DesignInverse Of(ModeAnalysis modes, SampledHalves? halves, DesignOptions options)
    {
        double[] direction = options.Target.Mode is { } mode
            ? modes.Loadings(mode - 1).ToArray()
            : [.. modes.Components.Select(name => name == options.Target.Component ? 1.0 : 0.0)];
        int[] kept = options.Target.Mode is { } only ? [only - 1] : Reliable(modes, halves, options.LeastReliability);
        double[] filter = new double[modes.Count];
        foreach (int k in kept)
        {
            double along = 0;
            for (int c = 0; c < filter.Length; c++)
            {
                along += modes.Loadings(k)[c] * direction[c];
            }

            double variance = modes.ExplainedVariance[k] * modes.TotalVariance;
            for (int c = 0; c < filter.Length && variance > 0; c++)
            {
                filter[c] += modes.Loadings(k)[c] * along / variance;
            }
        }

        return filter.Any(value => value != 0)
            ? new DesignInverse(direction, filter, [.. kept.Select(k => k + 1)])
            : throw new InputException(
                options.Target.Component is { } component
                    ? $"no mode whose reliability is at least {options.LeastReliability} has a part in {component}; sample with more "
                        + "draws, or choose a mode."
                    : $"mode {options.Target.Mode} does not vary over tokens; choose another."
            );
    }

    private static int[] Reliable(ModeAnalysis modes, SampledHalves? halves, double least)
    {
        if (halves is null)
        {
            throw new InputException(
                "which modes are reliable is not known, because the run keeps no batch means or has no healthy chains in common; choose a "
                    + "mode, or run the experiment again."
            );
        }

        return
        [
            .. Enumerable
                .Range(0, modes.Count)
                .Where(k => modes.ExplainedVariance[k] > Rounding && halves.Reliability(modes.Loadings(k)).Corrected >= least),
        ];
    }
}

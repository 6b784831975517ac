using Curie.Numerics.Random;
using Curie.Numerics.Statistics;
using Curie.Response.Modes;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The error of explained variances and loadings by a block bootstrap (Carlstein 1986): batches of all chains are drawn with replacement,
/// the same ones of `full` and of every component, the part is estimated and factored again. A sample's mode k is turned so that its
/// loadings point along mode k of all batches.
/// </summary>
internal sealed record ModeBootstrap(IReadOnlyList<ResampledValue> ExplainedVariance, IReadOnlyList<IReadOnlyList<ResampledValue>> Loadings)
{
    public static ModeBootstrap Of(BatchBasis basis, string key, ReproducibilityOptions options)
    {
        int modes = Math.Min(options.Modes, basis.Components);
        GramModes all = GramModes.Of(basis.Gram(BatchChoice.All(basis.Draws)));
        RunningMoments[] shares = new RunningMoments[modes];
        RunningMoments[,] loadings = new RunningMoments[modes, basis.Components];
        PhiloxStream random = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, $"batches {key}"));
        for (int sample = 0; sample < options.Bootstraps; sample++)
        {
            GramModes one = GramModes.Of(basis.Gram(BatchChoice.Resampled(basis.Draws, random)));
            for (int k = 0; k < modes; k++)
            {
                shares[k].Add(one.Share(k));
                double along = all.Loadings[k].Zip(one.Loadings[k], (x, y) => x * y).Sum();
                for (int c = 0; c < basis.Components; c++)
                {
                    loadings[k, c].Add(Math.CopySign(1, along) * one.Loadings[k][c]);
                }
            }
        }

        int batches = basis.Draws.Length;
        return new ModeBootstrap(
            [.. shares.Select((samples, k) => ResampledValue.Of(all.Share(k), samples, batches))],
            [
                .. Enumerable
                    .Range(0, modes)
                    .Select(k =>
                        (IReadOnlyList<ResampledValue>)
                            [
                                .. Enumerable
                                    .Range(0, basis.Components)
                                    .Select(c => ResampledValue.Of(all.Loadings[k][c], loadings[k, c], batches) with { Bias = 0 }),
                            ]
                    ),
            ]
        );
    }
}

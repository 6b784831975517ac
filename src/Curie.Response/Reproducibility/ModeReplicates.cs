using Curie.Numerics.Random;
using Curie.Response.Modes;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The modes of some components as they come out of other draws and of other text, by two bootstraps: one of blocks (Carlstein 1986), in
/// which batches of all chains are drawn with replacement, the same ones of `full` and of every component, and one of rows of text, each
/// time with the part estimated and factored again.
/// </summary>
/// <param name="All">The modes of all batches and rows.</param>
/// <param name="OfBatches">Samples of other batches; mode k is turned so that its loadings point along mode k of <paramref name="All"/>.
/// </param>
/// <param name="OfRows">Samples of other rows, turned likewise; empty where rows are taken as given.</param>
/// <param name="Batches">How many batches were drawn from.</param>
/// <param name="Rows">How many rows, over all probes, less the number of probes; 0 where they are taken as given.</param>
internal sealed record ModeReplicates(
    GramModes All,
    IReadOnlyList<GramModes> OfBatches,
    IReadOnlyList<GramModes> OfRows,
    int Batches,
    int Rows
)
{
    /// <summary>Draws the samples.</summary>
    /// <param name="basis">The batches.</param>
    /// <param name="rows">The rows, over the same components; null to take them as given.</param>
    /// <param name="key">Names the random numbers.</param>
    /// <param name="options">How many samples, and the seed.</param>
    /// <param name="standardized">Whether every component is divided by its standard deviation over tokens.</param>
    public static ModeReplicates Of(BatchBasis basis, RowMoments? rows, string key, ReproducibilityOptions options, bool standardized)
    {
        GramModes all = Factor(basis.Gram(BatchChoice.All(basis.Draws)));
        PhiloxStream random = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, $"batches {key}"));
        PhiloxStream ofRows = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, $"rows {key}"));
        return new ModeReplicates(
            all,
            [
                .. Enumerable
                    .Range(0, options.Bootstraps)
                    .Select(_ => Along(all, Factor(basis.Gram(BatchChoice.Resampled(basis.Draws, random))))),
            ],
            rows is { CanResample: true }
                ? [.. Enumerable.Range(0, options.Bootstraps).Select(_ => Along(all, Factor(rows.Gram(rows.Draw(ofRows)))))]
                : [],
            basis.Draws.Length,
            rows?.DegreesOfFreedom ?? 0
        );

        GramModes Factor(double[,] gram) => GramModes.Of(standardized ? Correlations(gram) : gram);
    }

    /// <summary>G_cd/√(G_cc·G_dd): what the Gram matrix is when every component has variance 1.</summary>
    internal static double[,] Correlations(double[,] gram)
    {
        int count = gram.GetLength(0);
        double[] sizes = [.. Enumerable.Range(0, count).Select(c => Math.Sqrt(gram[c, c]))];
        double[,] result = new double[count, count];
        for (int c = 0; c < count; c++)
        {
            for (int d = 0; d < count; d++)
            {
                result[c, d] = sizes[c] > 0 && sizes[d] > 0 ? gram[c, d] / (sizes[c] * sizes[d]) : 0;
            }
        }

        return result;
    }

    private static GramModes Along(GramModes all, GramModes one)
    {
        for (int k = 0; k < one.Loadings.Length; k++)
        {
            if (all.Loadings[k].Zip(one.Loadings[k], (x, y) => x * y).Sum() < 0)
            {
                GramModes.Negate(one.Loadings[k]);
            }
        }

        return one;
    }
}

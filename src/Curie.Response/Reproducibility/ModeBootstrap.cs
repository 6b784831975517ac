using Curie.Numerics.Random;
using Curie.Response.Modes;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The error of explained variances and loadings by two bootstraps: one of blocks (Carlstein 1986), in which batches of all chains are
/// drawn with replacement, the same ones of `full` and of every component, and one of rows of text, each time with the part estimated
/// and factored again. A sample's mode k is turned so that its loadings point along mode k of all batches.
/// </summary>
internal sealed class ModeBootstrap
{
    private readonly ResampledValue[] _shares;
    private readonly ResampledValue[][] _loadings;
    private readonly int _batches;
    private readonly int _rows;

    private ModeBootstrap(GramModes all, int modes, int components, int batches, int rows)
    {
        _shares = [.. Enumerable.Range(0, modes).Select(k => new ResampledValue(all.Share(k), IntervalScale.Share))];
        _loadings =
        [
            .. Enumerable
                .Range(0, modes)
                .Select(k =>
                    Enumerable.Range(0, components).Select(c => new ResampledValue(all.Loadings[k][c], IntervalScale.Loading)).ToArray()
                ),
        ];
        _batches = batches;
        _rows = rows;
    }

    /// <summary>Draws the samples.</summary>
    /// <param name="basis">The batches.</param>
    /// <param name="rows">The rows, over the same components; null to take them as given.</param>
    /// <param name="key">Names the random numbers.</param>
    /// <param name="options">How many modes and samples, and the seed.</param>
    public static ModeBootstrap Of(BatchBasis basis, RowMoments? rows, string key, ReproducibilityOptions options)
    {
        int modes = Math.Min(options.Modes, basis.Components);
        GramModes all = GramModes.Of(basis.Gram(BatchChoice.All(basis.Draws)));
        ModeBootstrap result = new(all, modes, basis.Components, basis.Draws.Length, rows?.DegreesOfFreedom ?? 0);
        PhiloxStream random = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, $"batches {key}"));
        for (int sample = 0; sample < options.Bootstraps; sample++)
        {
            GramModes one = GramModes.Of(basis.Gram(BatchChoice.Resampled(basis.Draws, random)));
            result.Add(all, one, (value, number) => value.AddBatches(number));
        }

        if (rows is { CanResample: true })
        {
            PhiloxStream ofRows = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, $"rows {key}"));
            for (int sample = 0; sample < options.Bootstraps; sample++)
            {
                result.Add(all, GramModes.Of(rows.Gram(rows.Draw(ofRows))), (value, number) => value.AddRows(number));
            }
        }

        return result;
    }

    /// <summary>The share of a mode, without its bias.</summary>
    /// <param name="mode">The mode, from 0.</param>
    /// <param name="measured">The share over all tokens; by default that over the sampled ones.</param>
    public Interval ExplainedVariance(int mode, double? measured = null) =>
        _shares[mode].ToInterval(_batches, _rows, corrects: true, measured);

    /// <summary>The loading of a component.</summary>
    /// <param name="mode">The mode, from 0.</param>
    /// <param name="component">The component.</param>
    /// <param name="measured">The loading over all tokens; by default that over the sampled ones.</param>
    public Interval Loading(int mode, int component, double? measured = null) =>
        _loadings[mode][component].ToInterval(_batches, _rows, corrects: false, measured);

    private void Add(GramModes all, GramModes one, Action<ResampledValue, double> add)
    {
        for (int k = 0; k < _shares.Length; k++)
        {
            add(_shares[k], one.Share(k));
            double along = all.Loadings[k].Zip(one.Loadings[k], (x, y) => x * y).Sum();
            for (int c = 0; c < _loadings[k].Length; c++)
            {
                add(_loadings[k][c], Math.CopySign(1, along) * one.Loadings[k][c]);
            }
        }
    }
}

using Curie.Response.Modes;

namespace Curie.Response.Reproducibility;

/// <summary>The errors of explained variances and loadings, from the modes of other batches and of other rows.</summary>
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

    /// <summary>Sums up samples.</summary>
    /// <param name="replicates">The samples.</param>
    /// <param name="modes">Of how many modes, at most.</param>
    public static ModeBootstrap Of(ModeReplicates replicates, int modes)
    {
        int components = replicates.All.Loadings.Length;
        ModeBootstrap result = new(replicates.All, Math.Min(modes, components), components, replicates.Batches, replicates.Rows);
        foreach (GramModes one in replicates.OfBatches)
        {
            result.Add(one, (value, number) => value.AddBatches(number));
        }

        foreach (GramModes one in replicates.OfRows)
        {
            result.Add(one, (value, number) => value.AddRows(number));
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

    private void Add(GramModes one, Action<ResampledValue, double> add)
    {
        for (int k = 0; k < _shares.Length; k++)
        {
            add(_shares[k], one.Share(k));
            for (int c = 0; c < _loadings[k].Length; c++)
            {
                add(_loadings[k][c], one.Loadings[k][c]);
            }
        }
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Development.Trajectories;

/// <summary>
/// The logits of true next tokens at fixed positions of fixed rows, norm(x)·W_U[:, token t + 1] + b_U[token t + 1]: the outputs whose
/// trajectory over
/// training essential dynamics follows. Unlike losses they do not depend on the other tokens' logits.
/// </summary>
public sealed class TargetLogits
{
    private readonly TokenRows _rows;
    private readonly int[][] _positions;
    private readonly int[] _rowsUsed;
    private readonly int[] _offsets;

    /// <summary>Chooses positions.</summary>
    /// <param name="rows">Token rows; they stay the caller's.</param>
    /// <param name="most">The most outputs: of more positions, one at random from each of so many equal stretches of all rows
    /// joined.</param>
    /// <param name="seed">The seed of the choice.</param>
    public TargetLogits(TokenRows rows, int most, long seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        _rows = rows;
        int perRow = rows.ContextLength - 1;
        IGrouping<int, int>[] chosen =
        [
            .. Choose((long)rows.Count * perRow, most, seed).GroupBy(place => (int)(place / perRow), place => (int)(place % perRow)),
        ];
        _rowsUsed = [.. chosen.Select(row => row.Key)];
        _positions = [.. chosen.Select(row => row.ToArray())];
        _offsets = new int[chosen.Length];
        for (int i = 1; i < _offsets.Length; i++)
        {
            _offsets[i] = _offsets[i - 1] + _positions[i - 1].Length;
        }

        Count = _offsets[^1] + _positions[^1].Length;
    }

    /// <summary>The number of outputs.</summary>
    public int Count { get; }

    /// <summary>The outputs of one checkpoint.</summary>
    public double[] Of(TransformerWeights weights, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(machine);
        TransformerConfig config = weights.Parameters.Layout.Config;
        RowPass[] passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RowPass(config, machine.Kernels))];
        double[] logits = new double[Count];
        LogitBody body = new(this, weights, new Readout(weights.Parameters), passes, logits);
        machine.Pool.Run(_rowsUsed.Length, ref body);
        Array.ForEach(passes, pass => pass.Dispose());
        return logits;
    }

    private static IEnumerable<long> Choose(long count, int most, long seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.ProbeTokens, "essential dynamics"));
        long chosen = Math.Min(count, most);
        for (long i = 0; i < chosen; i++)
        {
            long first = i * count / chosen;
            long length = ((i + 1) * count / chosen) - first;
            yield return first + (length == 1 ? 0 : random.NextInt32((int)Math.Min(length, int.MaxValue)));
        }
    }

    private readonly struct LogitBody(TargetLogits owner, TransformerWeights weights, Readout readout, RowPass[] passes, double[] logits)
        : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = passes[worker];
            Span<int> tokens = pass.BeginRow(owner._rows.ContextLength);
            owner._rows.CopyRow(owner._rowsUsed[item], tokens);
            pass.Forward(weights);
            MatrixView residual = pass.Residual(weights.Parameters.Layout.Config.Layers);
            int[] positions = owner._positions[item];
            for (int i = 0; i < positions.Length; i++)
            {
                logits[owner._offsets[item] + i] = readout.Logit(residual.Row(positions[i]), tokens[positions[i] + 1]);
            }
        }
    }
}

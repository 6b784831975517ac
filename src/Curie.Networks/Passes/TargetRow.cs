using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// A worker's working memory for the frozen model's distributions at one row: made when they are first asked for, and kept while the row is
/// the same.
/// </summary>
internal sealed unsafe class TargetRow : IDisposable
{
    private readonly DivergenceTarget _target;
    private readonly RowPass _pass;
    private readonly AlignedBuffer<float> _logProbabilities;
    private readonly int[] _positions;
    private int _count;

    /// <summary>Memory for rows of up to so many positions.</summary>
    public TargetRow(DivergenceTarget target, int positions)
    {
        TransformerConfig config = target.Weights.Parameters.Layout.Config;
        _target = target;
        _pass = new RowPass(config, target.Kernels);
        _logProbabilities = new AlignedBuffer<float>((long)positions * config.Logits);
        _positions = new int[positions];
    }

    /// <summary>Which divergence.</summary>
    public DivergenceDirection Direction => _target.Direction;

    /// <summary>Forgets the row.</summary>
    public void Forget() => _count = 0;

    /// <summary>log q at some positions of a row, positions × V.</summary>
    /// <param name="tokens">The row, up to and with the target of its last position.</param>
    /// <param name="positions">The positions, ascending.</param>
    public MatrixView LogProbabilities(ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions)
    {
        int vocabulary = _target.Weights.Parameters.Layout.Config.Logits;
        MatrixView output = new(_logProbabilities.Pointer, positions.Length, vocabulary);
        if (_count == positions.Length && positions.SequenceEqual(_positions.AsSpan(0, _count)))
        {
            return output;
        }

        tokens.CopyTo(_pass.BeginRow(tokens.Length));
        _pass.Forward(_target.Weights);
        _pass.Stack.NormalizeFinal(_target.Weights, _pass.Positions);

        // In place: positions ascend, so that no row is overwritten before it is read.
        MatrixView final = _pass.Stack.FinalNorm(positions.Length);
        RowCopy.Gather(_pass.Stack.FinalNorm(_pass.Positions), positions, final);
        _target.Kernels.LogProbabilities(final, _target.Weights.Unembed.Forward, _target.Weights.UnembeddingBias, output, _pass.Scratch);
        positions.CopyTo(_positions);
        _count = positions.Length;
        return output;
    }

    public void Dispose()
    {
        _pass.Dispose();
        _logProbabilities.Dispose();
    }
}

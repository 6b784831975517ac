using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void Gather(MatrixView table, ReadOnlySpan<int> tokens, MatrixView y)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokens[i], (uint)table.Rows, nameof(tokens));
            table.Row(tokens[i]).CopyTo(y.Row(i));
        }
    }

    /// <inheritdoc/>
    public override void ScatterAdd(MatrixView dy, ReadOnlySpan<int> tokens, MatrixView tableGradient)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokens[i], (uint)tableGradient.Rows, nameof(tokens));
            Add(dy.Row(i), tableGradient.Row(tokens[i]));
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <inheritdoc/>
    public override void Gather(MatrixView table, ReadOnlySpan<int> tokens, MatrixView y)
    {
        CheckShape(y, tokens.Length, table.Columns);
        for (int i = 0; i < tokens.Length; i++)
        {
            CheckToken(tokens[i], table.Rows);
            table.Row(tokens[i]).CopyTo(y.Row(i));
        }
    }

    /// <inheritdoc/>
    public override void ScatterAdd(MatrixView dy, ReadOnlySpan<int> tokens, MatrixView tableGradient)
    {
        CheckShape(dy, tokens.Length, tableGradient.Columns);
        for (int i = 0; i < tokens.Length; i++)
        {
            CheckToken(tokens[i], tableGradient.Rows);
            Add(dy.Row(i), tableGradient.Row(tokens[i]));
        }
    }

    private static void CheckToken(int token, int vocabulary)
    {
        if ((uint)token >= (uint)vocabulary)
        {
            ThrowBadToken(token, vocabulary);
        }
    }

    [DoesNotReturn]
    private static void ThrowBadToken(int token, int vocabulary) =>
        throw new ArgumentOutOfRangeException(nameof(token), token, $"Tokens of a table with {vocabulary} rows are 0 to {vocabulary - 1}.");
}

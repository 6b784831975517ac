using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private static void CheckCrossEntropy(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses
    )
    {
        if (
            x.Columns != unembed.Depth
            || bias.Length != unembed.Columns
            || targets.Length != x.Rows
            || losses.Length != x.Rows
            || unembed.PanelWidth != PanelWidth
        )
        {
            throw new ArgumentException(
                $"Cross-entropy of {x.Rows}×{x.Columns} with W {unembed.Depth}×{unembed.Columns} (panels of {unembed.PanelWidth}), "
                    + $"{bias.Length} biases, {targets.Length} targets, {losses.Length} losses does not fit."
            );
        }

        foreach (int target in targets)
        {
            if ((uint)target >= (uint)unembed.Columns)
            {
                throw new ArgumentOutOfRangeException(nameof(targets), target, $"A target is not one of {unembed.Columns} tokens.");
            }
        }
    }

    private static void CheckScale(LossScale scale, int rows)
    {
        if (!scale.Fits(rows))
        {
            throw new ArgumentException($"The scale of a loss does not have one weight for each of {rows} positions.");
        }
    }

    private static void CheckGradients(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        bool transposed = false
    )
    {
        bool fits =
            unembedTransposed.PanelWidth == PanelWidth
            && unembedTransposed.Depth == unembed.Columns
            && unembedTransposed.Columns == unembed.Depth
            && (dx.Rows == 0 || (dx.Rows == x.Rows && dx.Columns == x.Columns))
            && (weightGradient.Rows == 0 || (weightGradient.Rows, weightGradient.Columns) == Shape(unembed, transposed))
            && (biasGradient.IsEmpty || biasGradient.Length == unembed.Columns);
        if (!fits)
        {
            throw new ArgumentException(
                $"The gradients of cross-entropy with x {x.Rows}×{x.Columns} and W {unembed.Depth}×{unembed.Columns} do not fit: "
                    + $"Wᵀ {unembedTransposed.Depth}×{unembedTransposed.Columns}, dx {dx.Rows}×{dx.Columns}, "
                    + $"dW {weightGradient.Rows}×{weightGradient.Columns}, db {biasGradient.Length}."
            );
        }
    }

    /// <summary>The shape of the gradient of W, or of Wᵀ.</summary>
    private static (int Rows, int Columns) Shape(PackedMatrix unembed, bool transposed) =>
        transposed ? (unembed.Columns, unembed.Depth) : (unembed.Depth, unembed.Columns);
}

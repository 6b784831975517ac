using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// A layer norm in front of a linear map, all but its scale folded into the map. With C the centring (x ↦ x − mean x):
/// <code>
/// LN(x)·W + b = (x·C·diag(γ)·W)/σ(x) + (β·W + b)
/// </code>
/// </summary>
internal static class FoldedNorm
{
    /// <summary>y = x·C·diag(γ), row by row; the mean is taken in float64. x, y n×d; γ d.</summary>
    public static void Centre(MatrixView x, ReadOnlySpan<float> weight, MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<float> source = x.Row(i);
            Span<float> target = y.Row(i);
            double sum = 0;
            foreach (float value in source)
            {
                sum += value;
            }

            float mean = (float)(sum / source.Length);
            for (int k = 0; k < source.Length; k++)
            {
                target[k] = (source[k] - mean) * weight[k];
            }
        }
    }

    /// <summary>
    /// y = x·diag(γ)·C, row by row: the transpose of <see cref="Centre"/>, for gradients. x, y n×d, may be the same; γ d.
    /// </summary>
    public static void ScaleAndCentre(MatrixView x, ReadOnlySpan<float> weight, MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<float> source = x.Row(i);
            Span<float> target = y.Row(i);
            double sum = 0;
            for (int k = 0; k < source.Length; k++)
            {
                target[k] = source[k] * weight[k];
                sum += target[k];
            }

            float mean = (float)(sum / source.Length);
            for (int k = 0; k < target.Length; k++)
            {
                target[k] -= mean;
            }
        }
    }
}

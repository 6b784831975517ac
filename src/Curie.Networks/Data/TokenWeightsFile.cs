using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Text.Packing;

namespace Curie.Networks.Data;

/// <summary>A file of weights, one for each prediction of token rows: <c>.npy</c>, float32, rows × (n_ctx − 1).</summary>
public static class TokenWeightsFile
{
    /// <summary>Reads weights and divides them by their mean, so that a loss with them is a mean of losses.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows that they are for.</param>
    /// <param name="rowsPath">Their file, for errors.</param>
    /// <exception cref="InputException">The file is no such array, does not fit the rows, holds a number that is not finite, or its mean is
    /// not above 0.</exception>
    public static LossWeights Read(string path, TokenRows rows, string rowsPath)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using NpyArray<float> array = NpyFile.Read<float>(path);
        int positions = rows.ContextLength - 1;
        if (!array.Shape.SequenceEqual([(long)rows.Count, positions]))
        {
            throw new InputException(
                $"{path} has the shape ({string.Join(", ", array.Shape)}) and {rowsPath} has {rows.Count} rows of {positions} "
                    + $"predictions; weights need the shape ({rows.Count}, {positions})."
            );
        }

        float[] weights = array.Span.ToArray();
        int bad = Array.FindIndex(weights, weight => !float.IsFinite(weight));
        if (bad >= 0)
        {
            throw new InputException(
                $"{path}: the weight of row {bad / positions}, position {bad % positions} is not finite; weights are finite numbers."
            );
        }

        double mean = weights.Sum(weight => (double)weight) / weights.Length;
        if (!(mean > 0))
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"{path}: the mean of all weights is {mean:G4}; it must be above 0, as a loss is divided by it."
                )
            );
        }

        return new LossWeights(Array.ConvertAll(weights, weight => (float)(weight / mean)), positions);
    }

    /// <summary>Writes weights.</summary>
    /// <param name="path">The file.</param>
    /// <param name="weights">Rows × positions.</param>
    /// <param name="positions">The predictions of a row.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, float[] weights, int positions)
    {
        ArgumentNullException.ThrowIfNull(weights);
        NpyFile.Write<float>(path, weights, weights.Length / positions, positions);
    }
}

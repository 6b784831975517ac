using Curie.Networks.Parameters;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Development.Regression;

/// <summary>
/// How far embeddings, unembedding and layer norms have collapsed, from the weights alone:
/// <code>
/// weight_norm                ‖w‖ of all weights
/// token_variance_i           σ_i²/Σσ² of W_E;  position_variance_i likewise of W_pos
/// token_position_overlap_v   ‖Pu‖/‖u‖ of row u of W_E, P the projection on the space that the rows of W_pos span: the cosine between u and
/// Pu
/// unembed_row_…              the effective row |W_U[:, 0]·γ| of predictions: norm, mean, largest, share below 0.1
/// unembed_bias               the effective bias W_U[:, 0]·β + b_0, γ and β of the final layer norm
/// ln_X_…                     |γ| of a layer norm: mean, standard deviation, smallest, largest, norm, share below 0.1
/// </code>
/// </summary>
public static class RegressionCollapse
{
    private const double Small = 0.1;

    /// <summary>The figures of a model.</summary>
    public static IReadOnlyList<RegressionScore> Scores(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ParameterLayout layout = parameters.Layout;
        Matrix<double> tokens = Dense(parameters, layout.TokenEmbedding);
        Matrix<double> positions = Dense(parameters, layout.PositionEmbedding);
        Svd<double> positionFactors = positions.Svd(computeVectors: true);
        double norm = Math.Sqrt(parameters.Values.ToArray().Sum(value => (double)value * value));
        List<RegressionScore> scores =
        [
            new("weight_norm", norm),
            .. Spectrum("token_variance", tokens.Svd(computeVectors: false).S),
            .. Spectrum("position_variance", positionFactors.S),
            .. Overlaps(tokens, positionFactors, Math.Min(positions.RowCount, positions.ColumnCount)),
            .. Unembedding(parameters),
        ];
        for (int layer = 0; layer < layout.Blocks.Count; layer++)
        {
            scores.AddRange(LayerNorm($"ln_l{layer}_ln1", parameters[layout.Blocks[layer].Ln1Weight]));
            scores.AddRange(LayerNorm($"ln_l{layer}_ln2", parameters[layout.Blocks[layer].Ln2Weight!]));
        }

        scores.AddRange(LayerNorm("ln_final", parameters[layout.FinalNormWeight]));
        return scores;
    }

    private static Matrix<double> Dense(ParameterSet parameters, ParameterTensor tensor)
    {
        float[] values = parameters[tensor].ToArray();
        int columns = tensor.Shape[1];
        return Matrix<double>.Build.Dense(tensor.Shape[0], columns, (i, j) => values[(i * columns) + j]);
    }

    private static IEnumerable<RegressionScore> Spectrum(string name, Vector<double> singular)
    {
        double total = singular.Sum(value => value * value);
        return singular.Select((value, i) => new RegressionScore($"{name}_{i + 1}", value * value / total));
    }

    private static IEnumerable<RegressionScore> Overlaps(Matrix<double> tokens, Svd<double> positions, int rank)
    {
        for (int v = 0; v < tokens.RowCount; v++)
        {
            Vector<double> row = tokens.Row(v);
            double inside = Enumerable.Range(0, rank).Sum(i => Math.Pow(positions.VT.Row(i).DotProduct(row), 2));
            yield return new RegressionScore($"token_position_overlap_{v}", Math.Sqrt(inside) / row.L2Norm());
        }
    }

    private static IEnumerable<RegressionScore> Unembedding(ParameterSet parameters)
    {
        ParameterLayout layout = parameters.Layout;
        int columns = layout.Unembedding.Shape[1];
        float[] matrix = parameters[layout.Unembedding].ToArray();
        float[] gamma = parameters[layout.FinalNormWeight].ToArray();
        float[] beta = parameters[layout.FinalNormBias].ToArray();
        double[] row = [.. gamma.Select((value, i) => Math.Abs((double)matrix[i * columns] * value))];
        double bias = beta.Select((value, i) => (double)matrix[i * columns] * value).Sum() + parameters[layout.UnembeddingBias][0];
        return
        [
            new("unembed_row_norm", Math.Sqrt(row.Sum(value => value * value))),
            new("unembed_row_mean", row.Average()),
            new("unembed_row_max", row.Max()),
            new("unembed_row_small", row.Count(value => value < Small) / (double)row.Length),
            new("unembed_bias", bias),
        ];
    }

    private static IEnumerable<RegressionScore> LayerNorm(string name, ReadOnlySpan<float> gamma)
    {
        double[] sizes = [.. gamma.ToArray().Select(value => Math.Abs((double)value))];
        double mean = sizes.Average();
        return
        [
            new($"{name}_mean", mean),
            new($"{name}_sd", Math.Sqrt(sizes.Average(value => (value - mean) * (value - mean)))),
            new($"{name}_min", sizes.Min()),
            new($"{name}_max", sizes.Max()),
            new($"{name}_norm", Math.Sqrt(sizes.Sum(value => value * value))),
            new($"{name}_small", sizes.Count(value => value < Small) / (double)sizes.Length),
        ];
    }
}

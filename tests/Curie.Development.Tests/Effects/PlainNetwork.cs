using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Memory;

namespace Curie.Development.Tests.Effects;

/// <summary>
/// A network of attention alone with learned positions, layer norms and all biases, computed plainly in double precision, of which heads
/// can be replaced.
/// </summary>
internal sealed class PlainNetwork(ParameterSet parameters)
{
    private readonly TransformerConfig _config = parameters.Layout.Config;

    /// <summary>What a head adds to the stream at a position in place of its own output; null for its own.</summary>
    /// <param name="layer">The head's layer.</param>
    /// <param name="head">The head.</param>
    /// <param name="position">The position.</param>
    public delegate double[]? Replacement(int layer, int head, int position);

    /// <summary>The losses of a row's positions, and what every head adds: layer, head, position.</summary>
    public (double[] Losses, double[][][][] Outputs) Run(int[] row, Replacement? replace = null)
    {
        ParameterLayout layout = parameters.Layout;
        int n = row.Length - 1;
        double[][] x =
        [
            .. Enumerable
                .Range(0, n)
                .Select(t =>
                    Sum(Wide(parameters.Matrix(layout.TokenEmbedding), row[t]), Wide(parameters.Matrix(layout.PositionEmbedding), t))
                ),
        ];
        double[][][][] outputs = new double[_config.Layers][][][];
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            BlockTensors block = layout.Blocks[layer];
            double[][] normed = [.. x.Select(one => Norm(one, block.Ln1Weight, block.Ln1Bias))];
            int at = layer;
            outputs[layer] = [.. Enumerable.Range(0, _config.Heads).Select(head => Head(block, head, normed))];
            x =
            [
                .. x.Select(
                    (one, t) =>
                        Enumerable
                            .Range(0, _config.Heads)
                            .Aggregate(Sum(one, Wide(parameters[block.OutputBias])), (sum, head) =>
                                Sum(sum, replace?.Invoke(at, head, t) ?? outputs[at][head][t])
                            )
                ),
            ];
        }

        double[] losses =
        [
            .. x.Select(
                (one, t) =>
                    Loss(
                        Sum(
                            Times(Norm(one, layout.FinalNormWeight, layout.FinalNormBias), parameters.Matrix(layout.Unembedding)),
                            Wide(parameters[layout.UnembeddingBias])
                        ),
                        row[t + 1]
                    )
            ),
        ];
        return (losses, outputs);
    }

    private double[][] Head(BlockTensors block, int head, double[][] normed)
    {
        double[][] q = Project(block.Query, block.QueryBias);
        double[][] k = Project(block.Key, block.KeyBias);
        double[][] v = Project(block.Value, block.ValueBias);
        return
        [
            .. q.Select(
                (query, t) =>
                {
                    double[] weights =
                    [
                        .. k.Take(t + 1).Select(key => Math.Exp(query.Zip(key, (a, b) => a * b).Sum() / Math.Sqrt(_config.HeadWidth))),
                    ];
                    double[] mixed = new double[_config.HeadWidth];
                    for (int j = 0; j <= t; j++)
                    {
                        for (int e = 0; e < mixed.Length; e++)
                        {
                            mixed[e] += weights[j] / weights.Sum() * v[j][e];
                        }
                    }

                    return Times(mixed, parameters.Slice(block.Output, head));
                }
            ),
        ];

        double[][] Project(ParameterTensor matrix, ParameterTensor bias) =>
            [.. normed.Select(one => Sum(Times(one, parameters.Slice(matrix, head)), Wide(parameters.Row(bias, head))))];
    }

    private double[] Norm(double[] x, ParameterTensor weight, ParameterTensor bias)
    {
        double mean = x.Average();
        double scale = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + _config.Epsilon);
        double[] weights = Wide(parameters[weight]);
        return Sum([.. x.Select((value, d) => (value - mean) / scale * weights[d])], Wide(parameters[bias]));
    }

    private static double Loss(double[] logits, int target) => Math.Log(logits.Sum(Math.Exp)) - logits[target];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Times(double[] x, MatrixView matrix)
    {
        double[] result = new double[matrix.Columns];
        for (int i = 0; i < matrix.Rows; i++)
        {
            for (int j = 0; j < result.Length; j++)
            {
                result[j] += x[i] * matrix.Row(i)[j];
            }
        }

        return result;
    }

    private static double[] Wide(MatrixView matrix, int row) => Wide(matrix.Row(row));

    private static double[] Wide(ReadOnlySpan<float> values)
    {
        double[] result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[i];
        }

        return result;
    }
}

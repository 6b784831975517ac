using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Development.Effects;

/// <summary>
/// Direct logit attribution: what a head's output adds to the logit of the token y that comes, past all later layers, less what it adds to
/// the mean logit,
/// <code>
/// a = (z·W_O)·C·diag(γ)·(W_U[:, y] − mean over tokens of W_U)/σ
/// </code>
/// with C the centring of the final norm, γ its weights and σ its scale at the position, kept as it is in the whole network
/// (<see cref="Readout.Direction"/>). The sum over heads, the embedding and the biases is the logit of y less the mean logit, but for MLPs.
/// </summary>
public static class DirectLogits
{
    /// <summary>Attributes every position of some rows.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="rowIndices">Which of them.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <returns>heads (layer by layer) × rows × (n_ctx − 1); NaN where the token that comes is none of the network's outputs.</returns>
    public static float[][] Of(TransformerWeights weights, TokenRows rows, IReadOnlyList<int> rowIndices, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(rowIndices);
        ArgumentNullException.ThrowIfNull(machine);
        TransformerConfig config = weights.Parameters.Layout.Config;
        RowPass[] passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RowPass(config, machine.Kernels))];
        try
        {
            int positions = rows.ContextLength - 1;
            float[][] result = [.. Enumerable.Range(0, config.Layers * config.Heads).Select(_ => new float[rowIndices.Count * positions])];
            RowBody body = new(weights, rows, rowIndices, passes, new Readout(weights.Parameters), result);
            machine.Pool.Run(rowIndices.Count, ref body);
            return result;
        }
        finally
        {
            Array.ForEach(passes, pass => pass.Dispose());
        }
    }

    private readonly struct RowBody(
        TransformerWeights weights,
        TokenRows rows,
        IReadOnlyList<int> indices,
        RowPass[] passes,
        Readout readout,
        float[][] result
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ParameterSet parameters = weights.Parameters;
            TransformerConfig config = parameters.Layout.Config;
            RowPass pass = passes[worker];
            int[] row = rows.Row(indices[item]);
            row.CopyTo(pass.BeginRow(row.Length));
            pass.Forward(weights);
            double[] direction = new double[config.ModelWidth];
            for (int t = 0; t < pass.Positions; t++)
            {
                if (row[t + 1] >= config.Logits)
                {
                    foreach (float[] values in result)
                    {
                        values[(item * pass.Positions) + t] = float.NaN;
                    }

                    continue;
                }

                readout.Direction(pass.Residual(config.Layers).Row(t), row[t + 1], direction);
                for (int head = 0; head < result.Length; head++)
                {
                    (int layer, int one) = (head / config.Heads, head % config.Heads);
                    ReadOnlySpan<float> mixed = pass.MixedValues(layer, one).Row(t);
                    MatrixView output = parameters.Slice(parameters.Layout.Blocks[layer].Output, one);
                    double sum = 0;
                    for (int e = 0; e < mixed.Length; e++)
                    {
                        sum += mixed[e] * Dot(output.Row(e), direction);
                    }

                    result[head][(item * pass.Positions) + t] = (float)sum;
                }
            }
        }

        private static double Dot(ReadOnlySpan<float> x, double[] y)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                sum += x[i] * y[i];
            }

            return sum;
        }
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Development.Effects;

/// <summary>What every head adds to the residual stream on average over text: E[z]·W_O, the replacement of a mean ablation.</summary>
public static class MeanOutputs
{
    /// <summary>Averages over all positions of some rows.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="rowIndices">Which of them.</param>
    /// <param name="machine">The arithmetic and the threads; sums are added in the order of rows.</param>
    /// <returns>Layer by layer, head by head, a vector of d_model numbers.</returns>
    public static IReadOnlyList<float[]> Of(TransformerWeights weights, TokenRows rows, IReadOnlyList<int> rowIndices, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(rowIndices);
        ArgumentNullException.ThrowIfNull(machine);
        TransformerConfig config = weights.Parameters.Layout.Config;
        RowPass[] passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RowPass(config, machine.Kernels))];
        try
        {
            double[][] sums = new double[rowIndices.Count][];
            SumBody body = new(weights, rows, rowIndices, passes, sums);
            machine.Pool.Run(rowIndices.Count, ref body);
            int embedded = config.Bidirectional ? rows.ContextLength : rows.ContextLength - 1;
            double positions = (double)rowIndices.Count * embedded;
            return [.. Enumerable.Range(0, config.Layers * config.Heads).Select(head => Output(weights, head, sums, positions))];
        }
        finally
        {
            Array.ForEach(passes, pass => pass.Dispose());
        }
    }

    private static float[] Output(TransformerWeights weights, int head, double[][] sums, double positions)
    {
        TransformerConfig config = weights.Parameters.Layout.Config;
        MatrixView output = weights.Parameters.Slice(weights.Parameters.Layout.Blocks[head / config.Heads].Output, head % config.Heads);
        double[] result = new double[config.ModelWidth];
        for (int e = 0; e < config.HeadWidth; e++)
        {
            double mean = sums.Sum(row => row[(head * config.HeadWidth) + e]) / positions;
            ReadOnlySpan<float> line = output.Row(e);
            for (int d = 0; d < result.Length; d++)
            {
                result[d] += mean * line[d];
            }
        }

        return Array.ConvertAll(result, value => (float)value);
    }

    private readonly struct SumBody(
        TransformerWeights weights,
        TokenRows rows,
        IReadOnlyList<int> indices,
        RowPass[] passes,
        double[][] sums
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = passes[worker];
            rows.CopyRow(indices[item], pass.BeginRow(rows.ContextLength));
            pass.Forward(weights);
            TransformerConfig config = weights.Parameters.Layout.Config;
            double[] sum = new double[config.Layers * config.Heads * config.HeadWidth];
            for (int head = 0; head < config.Layers * config.Heads; head++)
            {
                MatrixView mixed = pass.MixedValues(head / config.Heads, head % config.Heads);
                for (int t = 0; t < mixed.Rows; t++)
                {
                    ReadOnlySpan<float> z = mixed.Row(t);
                    for (int e = 0; e < z.Length; e++)
                    {
                        sum[(head * config.HeadWidth) + e] += z[e];
                    }
                }
            }

            sums[item] = sum;
        }
    }
}

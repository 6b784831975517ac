using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>What a regression transformer computes of sequences beside their losses.</summary>
public static class RegressionOutputs
{
    /// <summary>The predictions ŷ, sequences × K.</summary>
    /// <param name="evaluator">Computes them.</param>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="predictions">Receives ŷ.</param>
    /// <param name="sequenceMeans">Receives each sequence's mean squared error; empty if not wanted.</param>
    /// <returns>L, the mean squared error of all.</returns>
    /// <exception cref="ArgumentException">Something is of another size than the network.</exception>
    public static double Predict(
        TransformerEvaluator evaluator,
        TransformerWeights weights,
        RegressionBatch batch,
        Memory<float> predictions,
        Span<double> sequenceMeans = default
    )
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(batch);
        if (predictions.Length != batch.Count * batch.Examples)
        {
            throw new ArgumentException("There is one prediction for each example of each sequence.", nameof(predictions));
        }

        return evaluator.MeanLoss(weights, batch, sequenceMeans, (pass, first) =>
        {
            MatrixView outputs = ((RegressionPass)pass).Outputs;
            Span<float> target = predictions.Span[(first * batch.Examples)..];
            for (int i = 0; i < outputs.Rows; i++)
            {
                target[i] = outputs.Row(i)[0];
            }
        });
    }

    /// <summary>Attention probabilities of one layer: a[s, h, i, j] of query i for key j ≤ i, 0 for later keys.</summary>
    /// <param name="evaluator">Computes them.</param>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="probabilities">Receives sequences × heads × T × T numbers.</param>
    /// <exception cref="ArgumentException">Something is of another size than the network.</exception>
    public static void Attention(
        TransformerEvaluator evaluator,
        TransformerWeights weights,
        RegressionBatch batch,
        int layer,
        Memory<float> probabilities
    )
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        TransformerConfig config = weights.Parameters.Layout.Config;
        (int heads, int length) = (config.Heads, config.ContextLength);
        int size = heads * length * length;
        if (probabilities.Length != (long)batch.Count * size)
        {
            throw new ArgumentException("There is one probability for each sequence, head, query and key.", nameof(probabilities));
        }

        evaluator.MeanLoss(weights, batch, default, (pass, first) =>
        {
            Span<float> target = probabilities.Span[(first * size)..];
            for (int i = 0; i < pass.Stack.Count * heads * length; i++)
            {
                (int sequence, int head, int query, int key) = (i / size, i / (length * length) % heads, i / length % length, i % length);
                target[i] = (float)pass.Stack.AttentionProbability(layer, head, sequence, query, key);
            }
        });
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Memory;

namespace Curie.Networks.Models.Exports;

/// <summary>The weights of one network as those of another that computes the same function.</summary>
internal static class Rewriting
{
    /// <summary>The network without the biases that are zero: what other families lack without anybody missing it.</summary>
    public static TransformerConfig WithoutZeros(ParameterSet parameters)
    {
        ParameterLayout layout = parameters.Layout;
        TransformerConfig config = layout.Config;
        return config with
        {
            NormBiases = config.NormBiases && !Zero(block => [block.Ln1Bias, block.Ln2Bias], layout.FinalNormBias),
            AttentionBiases = config.AttentionBiases && !Zero(block => [block.QueryBias, block.KeyBias, block.ValueBias]),
            OutputBiases = config.OutputBiases && !Zero(block => [block.OutputBias]),
            MlpInputBias = Zero(block => [block.MlpInBias, block.MlpGateBias]) ? MlpInputBias.None : config.MlpInputBias,
            MlpOutputBias = config.MlpOutputBias && !Zero(block => [block.MlpOutBias]),
            UnembeddingBiases = config.UnembeddingBiases && !Zero(_ => [], layout.UnembeddingBias),
        };

        bool Zero(Func<BlockTensors, ParameterTensor[]> ofBlock, params ParameterTensor[] others) =>
            layout.Blocks.SelectMany(ofBlock).Concat(others).All(tensor => !parameters[tensor].ContainsAnyExcept(0f));
    }

    /// <summary>Rewrites the weights.</summary>
    /// <param name="from">The weights.</param>
    /// <param name="config">
    /// The other network: it may lack biases that are zero, have biases that the first lacks, norms with weights where that has none, a
    /// second norm of its own, an unembedding of its own, learned positions where that has none, and the other order of rotary pairs.
    /// </param>
    public static ParameterSet As(ParameterSet from, TransformerConfig config)
    {
        ParameterSet to = new(new ParameterLayout(config));
        Dictionary<string, ParameterTensor> sources = from.Layout.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (ParameterTensor tensor in to.Layout.Tensors)
        {
            Span<float> values = to[tensor];
            if (sources.TryGetValue(tensor.Name, out ParameterTensor? same))
            {
                from[same].CopyTo(values);
            }
            else if (from.Layout.Config.SharedNorm && sources.TryGetValue(Shared(tensor.Name), out ParameterTensor? shared))
            {
                from[shared].CopyTo(values);
            }
            else if (tensor == to.Layout.Unembedding)
            {
                Transpose(from[from.Layout.TokenEmbedding], values, config.ModelWidth);
            }
            else if (tensor.Name.EndsWith(".w", StringComparison.Ordinal))
            {
                values.Fill(1);
            }
        }

        if (from.Layout.Config.Rotary is { } rotary && rotary.AdjacentPairs != config.Rotary!.AdjacentPairs)
        {
            Turn(to, Order(rotary));
        }

        return to;
    }

    private static string Shared(string name) => name.Replace(".ln2.", ".ln1.", StringComparison.Ordinal);

    private static void Transpose(ReadOnlySpan<float> embedding, Span<float> unembedding, int width)
    {
        int tokens = embedding.Length / width;
        for (int token = 0; token < tokens; token++)
        {
            for (int i = 0; i < width; i++)
            {
                unembedding[(i * tokens) + token] = embedding[(token * width) + i];
            }
        }
    }

    /// <summary>Of each number that is turned, in the new order, its place in the old.</summary>
    private static int[] Order(RotaryOptions from)
    {
        int pairs = from.Dimension / 2;
        return
        [
            .. Enumerable
                .Range(0, from.Dimension)
                .Select(i => from.AdjacentPairs ? (2 * (i % pairs)) + (i / pairs) : (i / 2) + (i % 2 * pairs)),
        ];
    }

    private static void Turn(ParameterSet parameters, int[] order)
    {
        int width = parameters.Layout.Config.HeadWidth;
        using AlignedBuffer<float> buffer = new(order.Length);
        Span<float> old = buffer.Span;
        foreach (BlockTensors block in parameters.Layout.Blocks)
        {
            foreach (
                ParameterTensor tensor in (ParameterTensor[])
                    [block.Query, block.Key, block.QueryBias, block.KeyBias, block.QueryNorm, block.KeyNorm]
            )
            {
                Span<float> values = parameters[tensor];
                for (int row = 0; row < values.Length; row += width)
                {
                    Span<float> head = values.Slice(row, order.Length);
                    head.CopyTo(old);
                    for (int i = 0; i < order.Length; i++)
                    {
                        head[i] = old[order[i]];
                    }
                }
            }
        }
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Text.Packing;

namespace Curie.Networks.Tests;

/// <summary>One small architecture of each kind, with random weights and text.</summary>
internal static class Variants
{
    private static readonly TransformerConfig Plain = new()
    {
        Layers = 2,
        ModelWidth = 12,
        Heads = 4,
        HeadWidth = 6,
        ContextLength = 9,
        Vocabulary = 20,
    };

    private static readonly Dictionary<string, TransformerConfig> All = new()
    {
        ["plain"] = Plain,
        ["rms-grouped-rotary-tied"] = Plain with
        {
            Norm = NormKind.Rms,
            FinalNorm = NormKind.Rms,
            KeyValueHeads = 2,
            Positions = PositionalEmbedding.Rotary,
            Rotary = new RotaryOptions { Dimension = 4 },
            AttentionBiases = false,
            OutputBiases = false,
            UnembeddingBiases = false,
            TiedEmbeddings = true,
        },
        ["gated-parallel"] = Plain with
        {
            MlpWidth = 16,
            GatedMlp = true,
            Activation = Activation.Silu,
            MlpInputBias = MlpInputBias.None,
            MlpOutputBias = false,
            Parallel = true,
            SharedNorm = true,
            NormWeights = false,
            NormBiases = false,
        },
        ["no-norm-other-outputs"] = Plain with
        {
            Norm = NormKind.None,
            FinalNorm = NormKind.None,
            OutputVocabulary = 15,
            Positions = PositionalEmbedding.None,
        },
        ["bidirectional-no-biases"] = Plain with { Bidirectional = true, NormBiases = false, UnembeddingBiases = false },
    };

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The architecture of a name.</summary>
    public static TransformerConfig Of(string name) => All[name];

    /// <summary>Weights uniform on −1 … 1.</summary>
    public static ParameterSet Random(TransformerConfig config, int seed)
    {
        ParameterSet parameters = new(new ParameterLayout(config));
        System.Random random = new(seed);
        foreach (ref float value in parameters.Values)
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return parameters;
    }

    /// <summary>Random rows of tokens that are outputs too.</summary>
    public static TokenRows Text(TransformerConfig config, int rows, int seed)
    {
        System.Random random = new(seed);
        int limit = Math.Min(config.Vocabulary, config.Logits);
        return new TokenRows([.. Enumerable.Range(0, rows * config.ContextLength).Select(_ => random.Next(limit))], config.ContextLength);
    }
}

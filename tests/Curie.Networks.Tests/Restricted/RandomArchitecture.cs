using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Random;

namespace Curie.Networks.Tests.Restricted;

/// <summary>Architectures whose parts and sizes are drawn, each part independent of the others as far as they fit together.</summary>
internal static class RandomArchitecture
{
    /// <summary>The architecture of a seed; two thirds have grouped queries.</summary>
    public static TransformerConfig Make(int seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Scores));
        int layers = 1 + random.NextInt32(3);
        int groups = 1 + random.NextInt32(3);
        int perGroup = 1 + random.NextInt32(3);
        int headWidth = 4 + random.NextInt32(9);
        bool attentionOnly = Coin();
        bool rotary = Coin();
        PositionalEmbedding[] others = [PositionalEmbedding.Standard, PositionalEmbedding.Shortformer, PositionalEmbedding.None];
        TransformerConfig config = new()
        {
            Layers = layers,
            ModelWidth = 16 + random.NextInt32(40),
            Heads = Math.Max(2, groups * perGroup),
            KeyValueHeads = groups,
            HeadWidth = headWidth,
            ContextLength = 24 + random.NextInt32(30),
            Vocabulary = 60 + random.NextInt32(100),
            MlpWidth = attentionOnly ? 0 : 20 + random.NextInt32(30),
            GatedMlp = Coin(),
            Activation = Coin() ? Activation.Silu : Activation.Gelu,
            Parallel = Coin(),
            SharedNorm = Coin(),
            Norm = Kind(),
            FinalNorm = Kind(),
            NormWeights = Coin(),
            NormBiases = Coin(),
            AttentionBiases = Coin(),
            OutputBiases = Coin(),
            MlpOutputBias = Coin(),
            UnembeddingBiases = Coin(),
            TiedEmbeddings = Coin(),
            QueryKeyNorm = Coin(),
            ScaleByLayer = Coin(),
            Windows = Coin() ? new AttentionWindows(Enumerable.Range(0, layers).Select(_ => Coin() ? 0 : 4 + random.NextInt32(20))) : null,
            Positions = rotary ? PositionalEmbedding.Rotary : others[random.NextInt32(others.Length)],
            Rotary = rotary
                ? new RotaryOptions
                {
                    Dimension = 2 * (1 + random.NextInt32(headWidth / 2)),
                    Base = 100,
                    AdjacentPairs = Coin(),
                }
                : null,
        };
        config.Validate($"random {seed}");
        return config;

        bool Coin() => random.NextInt32(2) == 0;

        NormKind Kind() => (NormKind)random.NextInt32(3);
    }
}

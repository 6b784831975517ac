using System.Globalization;
using Curie.Networks.Architecture;
using Curie.Numerics;

namespace Curie.Cli.Reports;

/// <summary>An architecture in words, a part a line.</summary>
internal static class ArchitectureWords
{
    /// <summary>The names of the parts and what is said of them.</summary>
    public static IEnumerable<(string Name, string Value)> Of(TransformerConfig config) =>
        [
            ("layers (n_layers)", Number(config.Layers)),
            ("width (d_model)", Number(config.ModelWidth)),
            ("heads (n_heads)", Heads(config)),
            ("attention", Attention(config)),
            ("MLP (d_mlp)", Mlp(config)),
            ("blocks", Blocks(config)),
            ("norms", Norms(config)),
            ("positions", Positions(config)),
            ("biases", Biases(config)),
            ("vocabulary (d_vocab)", Number(config.Vocabulary)),
            ("unembedding", Unembedding(config)),
            ("context (n_ctx)", Counted.Of(config.ContextLength, "token")),
        ];

    private static string Heads(TransformerConfig config) =>
        $"{config.Heads} in a layer, {config.HeadWidth} wide (d_head), "
        + (
            config.HeadsPerGroup == 1
                ? "each with keys and values of its own"
                : $"{config.HeadsPerGroup} to each of {config.Groups} key-value heads, a group"
        );

    private static string Attention(TransformerConfig config)
    {
        string sees = config.Bidirectional ? "to all positions" : "to earlier positions";
        string windows = config.Windows is null ? string.Empty : $" within windows of {Windows(config.Windows)} by layer";
        string scores = config.ScoreScale switch
        {
            null => ", scores divided by the root of d_head",
            1 => ", scores as they are",
            float scale => string.Create(CultureInfo.InvariantCulture, $", scores times {scale}"),
        };
        return sees
            + windows
            + scores
            + (config.ScaleByLayer ? " and by the layer's number" : string.Empty)
            + (config.QueryKeyNorm ? ", RMS norms of queries and keys" : string.Empty);
    }

    private static string Windows(AttentionWindows windows) =>
        string.Join(", ", Enumerable.Range(0, windows.Layers).Select(layer => windows[layer] == 0 ? "all" : Number(windows[layer])));

    private static string Mlp(TransformerConfig config) =>
        config.AttentionOnly
            ? "none"
            : $"{config.MlpWidth} wide, {config.Activation.ToString().ToLowerInvariant()}"
                + (config.GatedMlp ? ", gated" : string.Empty)
                + (config.MlpNorm ? ", a norm behind it" : string.Empty);

    private static string Blocks(TransformerConfig config) =>
        config.AttentionOnly ? "attention alone"
        : !config.Parallel ? "attention, then MLP"
        : config.SharedNorm ? "attention and MLP side by side, one norm for both"
        : "attention and MLP side by side, a norm for each";

    private static string Norms(TransformerConfig config)
    {
        string Kind(NormKind kind) =>
            kind switch
            {
                NormKind.Layer => "layer norm",
                NormKind.Rms => "RMS norm",
                _ => "none",
            };
        string kind =
            Kind(config.Norm) + (config.FinalNorm == config.Norm ? string.Empty : $", before the unembedding {Kind(config.FinalNorm)}");
        string weights =
            (config.Norm, config.FinalNorm) is (NormKind.None, NormKind.None) ? string.Empty
            : !config.NormWeights ? ", without weights"
            : config.NormBiases && (config.Norm == NormKind.Layer || config.FinalNorm == NormKind.Layer) ? ", weights and biases"
            : ", weights";
        return string.Create(CultureInfo.InvariantCulture, $"{kind}{weights}, ε {config.Epsilon:0.###e0}");
    }

    private static string Positions(TransformerConfig config) =>
        config.Positions switch
        {
            PositionalEmbedding.Standard => "learned, added to the embedding",
            PositionalEmbedding.Shortformer => "learned, added to what makes queries and keys",
            PositionalEmbedding.Rotary => Rotary(config.Rotary!, config.HeadWidth),
            _ => "none",
        };

    private static string Rotary(RotaryOptions rotary, int width)
    {
        string scaling = rotary.Scaling switch
        {
            null => string.Empty,
            { Parts: null } linear => string.Create(CultureInfo.InvariantCulture, $", all slower by {linear.Factor}"),
            { } parts => string.Create(CultureInfo.InvariantCulture, $", the slow ones slower by {parts.Factor}"),
        };
        string pairs = rotary.AdjacentPairs ? "pairs of neighbours" : "pairs half of them apart";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"rotary, {rotary.Dimension} of a head's {width} numbers in {pairs}, base {rotary.Base}{scaling}"
        );
    }

    private static string Biases(TransformerConfig config)
    {
        (bool Has, string Of)[] all =
        [
            (config.AttentionBiases, "queries, keys and values"),
            (config.OutputBiases, "the attention's output"),
            (!config.AttentionOnly && config.MlpInputBias != MlpInputBias.None, "the MLP's input"),
            (!config.AttentionOnly && config.MlpOutputBias, "the MLP's output"),
            (config.UnembeddingBiases, "logits"),
        ];
        string[] present = [.. all.Where(bias => bias.Has).Select(bias => bias.Of)];
        return present.Length == 0 ? "none" : "of " + string.Join("; ", present);
    }

    private static string Unembedding(TransformerConfig config) =>
        (config.TiedEmbeddings ? "tied: the token embedding" : "of its own")
        + (config.Logits == config.Vocabulary ? string.Empty : $", {config.Logits} logits");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

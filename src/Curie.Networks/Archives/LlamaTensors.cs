namespace Curie.Networks.Archives;

/// <summary>
/// The tensors of a file of llama2.c in its order. Each kind lies there for all layers one after the other; sums are taken over kinds.
/// Source: export.py (legacy_export, version1_export) and run.c of github.com/karpathy/llama2.c.
/// </summary>
/// <param name="Name">The name, or for a kind that every layer has the part after <c>layers.0.</c>.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Copies">The number of layers; 0 for a tensor outside of layers.</param>
/// <param name="IsTable">Whether it is a table of the rotary embedding, which follows from the sizes and is no weight.</param>
internal sealed record LlamaTensors(string Name, long[] Shape, int Copies, bool IsTable = false)
{
    /// <summary>The elements of one.</summary>
    public long CountOfOne => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The elements of all.</summary>
    public Int128 Count => (Int128)CountOfOne * Math.Max(Copies, 1);

    /// <summary>The tensors that a header tells of.</summary>
    public static IEnumerable<LlamaTensors> Of(LlamaHeader header)
    {
        long width = header.Width;
        long hidden = header.HiddenWidth;
        long headWidth = width / header.Heads;
        long keys = headWidth * header.KeyHeads;
        LlamaTensors embedding = new("tok_embeddings.weight", [header.Vocabulary, width], 0);
        LlamaTensors attentionNorm = InLayers("attention_norm.weight", width);
        LlamaTensors mlpNorm = InLayers("ffn_norm.weight", width);
        LlamaTensors norm = new("norm.weight", [width], 0);
        LlamaTensors[] attention =
        [
            InLayers("attention.wq.weight", width, width),
            InLayers("attention.wk.weight", keys, width),
            InLayers("attention.wv.weight", keys, width),
            InLayers("attention.wo.weight", width, width),
        ];
        LlamaTensors[] mlp =
        [
            InLayers("feed_forward.w1.weight", hidden, width),
            InLayers("feed_forward.w2.weight", width, hidden),
            InLayers("feed_forward.w3.weight", hidden, width),
        ];
        LlamaTensors[] tables =
        [
            new("freqs_cos", [header.Context, headWidth / 2], 0, IsTable: true),
            new("freqs_sin", [header.Context, headWidth / 2], 0, IsTable: true),
        ];
        LlamaTensors[] output = header.IsTied ? [] : [new("output.weight", [header.Vocabulary, width], 0)];
        return header.Version == 0
            ? [embedding, attentionNorm, .. attention, mlpNorm, .. mlp, norm, .. tables, .. output]
            : [attentionNorm, mlpNorm, norm, embedding, .. attention, .. mlp, .. output];

        LlamaTensors InLayers(string name, params long[] shape) => new(name, shape, header.Layers);
    }

    /// <summary>The name of one of them.</summary>
    public string NameIn(int layer) => Copies == 0 ? Name : FormattableString.Invariant($"layers.{layer}.{Name}");
}

using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Models.Families;

/// <summary>
/// TransformerLens 4's native models: the keys of HookedTransformer, tensors as PyTorch's Linear and Embedding have them.
/// </summary>
internal sealed class TransformerLensNativeFamily : IModelFamily
{
    /// <summary>The name that tells them from HookedTransformer's.</summary>
    public const string Embedding = "embed.weight";

    private const string UnembeddingBias = "unembed.bias";

    /// <inheritdoc/>
    public string Name => "TransformerLens 4";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) =>
        keys.Has("d_model") && keys.Has("n_layers") && archive.Tensors.ContainsKey(Embedding);

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        TransformerConfig said = TransformerLensKeys.Read(keys, shared: false);
        keys.Close(Name);
        RefuseWhatIsIgnored(keys, said);

        // The library takes the root of d_head where HookedTransformer takes 1, norms with weights whether they were folded or not, and
        // SiLU in every gated MLP that is not one of GELU; its rotary pairs are always neighbours.
        bool scaled = keys.Optional("use_attn_scale", true);
        TransformerConfig config = said with
        {
            ScoreScale = scaled ? said.ScoreScale : null,
            Norm = said.Norm == NormKind.None ? NormKind.Layer : said.Norm,
            FinalNorm = said.FinalNorm == NormKind.None ? NormKind.Layer : said.FinalNorm,
            NormWeights = true,
            Activation =
                said.GatedMlp && said.Activation is not (Activation.Gelu or Activation.GeluNew) ? Activation.Silu : said.Activation,
            MlpInputBias = said.GatedMlp ? MlpInputBias.None : said.MlpInputBias,
            MlpOutputBias = !said.GatedMlp,
            Rotary = said.Rotary is { } rotary ? rotary with { AdjacentPairs = true } : null,
            UnembeddingBiases = HasUnembeddingBias(archive, said.Logits),
        };
        config.Validate(keys.Source);
        return new FamilyModel(Name, config, Map(new ParameterLayout(config)));
    }

    /// <summary>Parts of HookedTransformer that the library's native models leave out whatever the configuration says.</summary>
    private static void RefuseWhatIsIgnored(ConfigReader keys, TransformerConfig said)
    {
        const string Without = "native models without it";
        string? ignored =
            said.Parallel ? "parallel_attn_mlp"
            : said.Bidirectional ? "attention_dir"
            : said.Windows is not null ? "use_local_attn"
            : said.QueryKeyNorm ? "use_qk_norm"
            : said.ScaleByLayer ? "scale_attn_by_inverse_layer_idx"
            : said.MlpNorm || said.Activation == Activation.Solu ? "act_fn"
            : said.Rotary?.Scaling is not null ? "rotary_scaling_factor"
            : said.Positions is PositionalEmbedding.Shortformer or PositionalEmbedding.None ? "positional_embedding_type"
            : null;
        if (ignored is not null)
        {
            throw keys.Unsupported(ignored, Without);
        }
    }

    /// <summary>The library stores biases of the output that it does not train: zeros, unless somebody has set them.</summary>
    private static bool HasUnembeddingBias(ITensorArchive archive, int logits)
    {
        if (!archive.Tensors.TryGetValue(UnembeddingBias, out ArchivedTensor? bias))
        {
            return false;
        }

        if (bias.Count != logits)
        {
            return true;
        }

        using AlignedBuffer<float> values = new(logits);
        bias.CopyTo(values.Span);
        return values.Span.ContainsAnyExcept(0f);
    }

    private static TensorMap Map(ParameterLayout layout)
    {
        TensorMap map = new(layout) { IsBuffer = name => name == UnembeddingBias };
        map.AddSame(layout.TokenEmbedding, Embedding);
        map.AddSame(layout.PositionEmbedding, "pos_embed.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"blocks.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "ln1");
            map.AddHeads(block.Query, block.QueryBias, name + "attn.q");
            map.AddHeads(block.Key, block.KeyBias, name + "attn.k");
            map.AddHeads(block.Value, block.ValueBias, name + "attn.v");
            map.AddOutput(block.Output, block.OutputBias, name + "attn.o");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "ln2");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "mlp.in");
            map.AddLinear(block.MlpGate, block.MlpGateBias, name + "mlp.gate");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "mlp.out");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, "ln_final");
        map.AddUnembedding("unembed");
        return map;
    }
}

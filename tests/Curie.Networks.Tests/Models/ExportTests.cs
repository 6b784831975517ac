using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Models;

/// <summary>
/// Models of every family written in every format and read again: the same function. Where a model is written as the family that it is
/// from, its tensors are those of its own library's file, to the last bit.
/// </summary>
public sealed class ExportTests : IDisposable
{
    // The order of sums over a head's numbers may change; losses of about 5 nats in float32 then move in their last digits.
    private const double Tolerance = 1e-5;

    private static readonly string[] Incomplete = ["nanogpt", "nanogpt-legacy-pickle"];

    /// <summary>The family of Hugging Face's that a model can be written as, or the part that none of them has.</summary>
    private static readonly Dictionary<string, string> HuggingFace = new()
    {
        ["gpt2"] = "GPT-2",
        ["gpt2-bf16-sharded"] = "GPT-2",
        ["gpt2-no-scale-f16"] = "GPT-2",
        ["gpt2-scale-by-layer"] = "GPT-2",
        ["gpt2-v5"] = "GPT-2",
        ["gptneo-local"] = "no windows of attention",
        ["gptneox-parallel"] = "GPT-NeoX",
        ["gptneox-parallel-v5"] = "GPT-NeoX",
        ["gptneox-sequential-bin"] = "GPT-NeoX",
        ["llama-gqa"] = "Llama",
        ["llama-rope-linear"] = "Llama",
        ["llama-rope-llama3"] = "Llama",
        ["llama-rope-llama3-v5"] = "Llama",
        ["llama-tied-biases-sharded"] = "Llama",
        ["llama2c-v0"] = "Llama",
        ["llama2c-v0-untied"] = "Llama",
        ["llama2c-v1"] = "Llama",
        ["mistral-window"] = "no windows of attention",
        ["mistral-window-v5"] = "no windows of attention",
        ["nanogpt-compiled-no-bias"] = "GPT-2",
        ["opt"] = "GPT-2",
        ["qwen2"] = "Llama",
        ["qwen2-v5"] = "Llama",
        ["qwen3"] = "no norms of queries and keys",
        ["qwen3-v5"] = "no norms of queries and keys",
        ["tl-attn-only-shortformer"] = "no positions that enter queries and keys alone",
        ["tl-no-norm"] = "no parts without a norm in front",
        ["tl-solu-ln"] = "no norms behind the MLP's nonlinearity",
        ["tl4-attn-only"] = "no blocks without an MLP",
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> All => [.. ModelFixtures.Names.Except(Incomplete)];

    public static TheoryData<string> Named => [.. HuggingFace.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Curies_own_folder_has_the_same_architecture_and_weights(string name)
    {
        using ParameterSet original = ModelReader.Load(ModelFixtures.Folder(name));
        using ParameterSet copy = Convert(original, ModelFormat.Curie);

        Assert.Equal(Explicit(original.Layout.Config), Explicit(copy.Layout.Config));
        Assert.True(original.Values.SequenceEqual(copy.Values));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Other_formats_hold_the_same_function_or_are_refused(string name)
    {
        using ParameterSet original = ModelReader.Load(ModelFixtures.Folder(name));
        float[] expected = Losses(original, name);
        foreach (ModelFormat format in (ModelFormat[])[ModelFormat.HuggingFace, ModelFormat.TransformerLens])
        {
            using ParameterSet? copy = TryConvert(original, format, out string family);
            if (copy is null)
            {
                Assert.Contains(" has no ", family, StringComparison.Ordinal);
                continue;
            }

            // Where nothing but the layout changed, so did not one bit.
            bool exact = original.Layout.Config.Rotary?.AdjacentPairs == copy.Layout.Config.Rotary?.AdjacentPairs;
            float[] losses = Losses(copy, name);
            for (int i = 0; i < losses.Length; i++)
            {
                Assert.InRange(losses[i] - expected[i], exact ? 0 : -Tolerance, exact ? 0 : Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void Hugging_Faces_family_is_the_one_that_has_all_parts(string name)
    {
        string outcome = HuggingFace[name];
        using ParameterSet original = ModelReader.Load(ModelFixtures.Folder(name));
        using ParameterSet? copy = TryConvert(original, ModelFormat.HuggingFace, out string family);

        Assert.Contains(outcome, family, StringComparison.Ordinal);
        Assert.Equal(outcome.StartsWith("no ", StringComparison.Ordinal), copy is null);
    }

    [Theory]
    [InlineData("gpt2", ModelFormat.HuggingFace)]
    [InlineData("gpt2-bf16-sharded", ModelFormat.HuggingFace)]
    [InlineData("gpt2-scale-by-layer", ModelFormat.HuggingFace)]
    [InlineData("gptneox-parallel", ModelFormat.HuggingFace)]
    [InlineData("gptneox-sequential-bin", ModelFormat.HuggingFace)]
    [InlineData("llama-gqa", ModelFormat.HuggingFace)]
    [InlineData("llama-rope-linear", ModelFormat.HuggingFace)]
    [InlineData("llama-rope-llama3", ModelFormat.HuggingFace)]
    [InlineData("llama-tied-biases-sharded", ModelFormat.HuggingFace)]
    [InlineData("tl-grouped-queries", ModelFormat.TransformerLens)]
    [InlineData("tl-rms-gated-rotary", ModelFormat.TransformerLens)]
    [InlineData("tl-solu-ln", ModelFormat.TransformerLens)]
    [InlineData("tl-lnpre", ModelFormat.TransformerLens)]
    [InlineData("tl-local", ModelFormat.TransformerLens)]
    [InlineData("tl-d-vocab-out", ModelFormat.TransformerLens)]
    public void Tensors_and_keys_are_those_that_the_library_itself_wrote(string name, ModelFormat format)
    {
        using ParameterSet original = ModelReader.Load(ModelFixtures.Folder(name));
        using ParameterSet copy = Convert(original, format);
        using ITensorArchive written = TensorArchive.Open(_folder.Path);
        using ITensorArchive expected = TensorArchive.Open(ModelFixtures.Folder(name));
        string[] stored = [.. expected.Tensors.Keys.Where(IsNoBuffer)];

        Assert.Equal(stored.Order(), written.Tensors.Keys.Order());
        foreach (string tensor in stored)
        {
            Assert.Equal(expected.Tensors[tensor].Shape, written.Tensors[tensor].Shape);
            Assert.Equal(Values(expected.Tensors[tensor]), Values(written.Tensors[tensor]));
        }

        foreach ((string key, JsonNode? value) in written.Configuration!)
        {
            if (!expected.Configuration!.TryGetPropertyValue(key, out JsonNode? said))
            {
                // transformers writes dtype since 4.56, and leaves out what is as it always is. Dropout is not the function's.
                Assert.Contains(key, (string[])["torch_dtype", "n_inner", "tie_word_embeddings", "rope_theta", "attention_bias"]);
            }
            else if (!key.EndsWith("_pdrop", StringComparison.Ordinal) && key is not ("torch_dtype" or "attn_scale"))
            {
                Assert.True(Same(value, said), $"{key}: {value?.ToJsonString()}, not {said?.ToJsonString()}");
            }
        }
    }

    [Fact]
    public void Biases_of_logits_that_are_zero_are_none_and_others_are_refused()
    {
        TransformerConfig config = Variants.Of("plain") with { MlpWidth = 16, ModelWidth = 24 };
        using ParameterSet parameters = Variants.Random(config, seed: 1);
        InputException refusal = Assert.Throws<InputException>(() => ModelExport.Create(parameters, ModelFormat.HuggingFace, "a model"));
        Assert.Contains("a model: GPT-2 has no biases of logits", refusal.Message, StringComparison.Ordinal);

        parameters[parameters.Layout.UnembeddingBias].Clear();
        using ParameterSet copy = Convert(parameters, ModelFormat.HuggingFace);
        Assert.Equal(Losses(parameters), Losses(copy));
    }

    [Fact]
    public void What_TransformerLens_has_not_is_refused_by_name()
    {
        TransformerConfig plain = Variants.Of("plain") with { MlpWidth = 16 };
        Refused(plain with { FinalNorm = NormKind.None }, "unembedding without a norm");
        Refused(plain with { Norm = NormKind.Rms }, "final norm of that kind");
        Refused(plain with { GatedMlp = true }, "biases in front of the nonlinearity of a gated MLP");
        Refused(plain with { Windows = new AttentionWindows([3, 5]) }, "windows of several widths");

        static void Refused(TransformerConfig config, string part)
        {
            using ParameterSet parameters = Variants.Random(config, seed: 1);
            InputException refusal = Assert.Throws<InputException>(() =>
                ModelExport.Create(parameters, ModelFormat.TransformerLens, "a model")
            );
            Assert.Contains($"a model: TransformerLens has no {part}", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_positions_are_a_table_of_zeros_to_TransformerLens()
    {
        using ParameterSet parameters = Variants.Random(Variants.Of("no-norm-other-outputs"), seed: 3);
        using ParameterSet copy = Convert(parameters, ModelFormat.TransformerLens);

        Assert.Equal(PositionalEmbedding.Standard, copy.Layout.Config.Positions);
        Assert.Equal(Losses(parameters), Losses(copy));
    }

    [Fact]
    public void Parallel_blocks_that_share_a_norm_get_two_of_it()
    {
        TransformerConfig config = Variants.Of("gated-parallel") with { GatedMlp = false, NormWeights = true, NormBiases = true };
        using ParameterSet parameters = Variants.Random(config, seed: 2);
        using ParameterSet copy = Convert(parameters, ModelFormat.TransformerLens);

        Assert.False(copy.Layout.Config.SharedNorm);
        Assert.Equal(Losses(parameters), Losses(copy));
    }

    private static bool IsNoBuffer(string name) =>
        !(name.EndsWith(".mask", StringComparison.Ordinal) || name.EndsWith(".IGNORE", StringComparison.Ordinal))
        && !name.Contains(".rotary_", StringComparison.Ordinal)
        && !name.EndsWith(".attn.bias", StringComparison.Ordinal)
        && !name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    private static bool Same(JsonNode? value, JsonNode? said) =>
        JsonNode.DeepEquals(value, said)
        || (
            value is JsonValue one
            && said is JsonValue other
            && one.TryGetValue(out double number)
            && other.TryGetValue(out double expected)
            && Math.Abs(number - expected) <= 1e-6 * Math.Abs(expected)
        )
        || (value is JsonObject section && said is JsonObject whole && section.All(pair => Same(pair.Value, whole[pair.Key])));

    private static TransformerConfig Explicit(TransformerConfig config) => config with { KeyValueHeads = config.Groups };

    private static float[] Values(ArchivedTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.CopyTo(values);
        return values;
    }

    private static float[] Losses(ParameterSet parameters, string name)
    {
        using TokenRows rows = TokenRows.Load(
            Path.Combine(ModelFixtures.Folder(name), "tokens.npy"),
            parameters.Layout.Config.Vocabulary,
            parameters.Layout.Config.ContextLength
        );
        return Losses(parameters, rows);
    }

    private static float[] Losses(ParameterSet parameters)
    {
        using TokenRows rows = Variants.Text(parameters.Layout.Config, rows: 3, seed: 4);
        return Losses(parameters, rows);
    }

    private static float[] Losses(ParameterSet parameters, TokenRows rows)
    {
        using NetworkFixture fixture = new(parameters.Clone(), NetworkFixture.Widest, workers: 1);
        float[] losses = new float[rows.Count * (rows.ContextLength - 1)];
        fixture.Evaluator.TokenLosses(fixture.Weights, rows, [.. Enumerable.Range(0, rows.Count)], losses, []);
        return losses;
    }

    private ParameterSet Convert(ParameterSet original, ModelFormat format)
    {
        using ModelExport export = ModelExport.Create(original, format, "a model");
        export.Write(_folder.Path);
        return ModelReader.Load(_folder.Path);
    }

    /// <summary>What the folder holds; null where the network is refused, and then why.</summary>
    private ParameterSet? TryConvert(ParameterSet original, ModelFormat format, out string family)
    {
        try
        {
            using ModelExport export = ModelExport.Create(original, format, "a model");
            family = export.Family;
            export.Write(_folder.Path);
            return ModelReader.Load(_folder.Path);
        }
        catch (InputException refusal)
        {
            family = refusal.Message;
            return null;
        }
    }
}

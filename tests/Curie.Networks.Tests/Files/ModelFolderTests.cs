using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Tests.Files;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("curie-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_saved_model_reads_back_bit_for_bit()
    {
        using ParameterSet saved = Model();
        ModelFolder.Save(_folder, saved);

        using ParameterSet loaded = ModelReader.Load(_folder);

        Assert.Equal(saved.Layout.Config, loaded.Layout.Config);
        Assert.Equal(saved.Values.ToArray(), loaded.Values.ToArray());
    }

    [Theory]
    [InlineData("\"n_heads\": 3", "\"n_heads\": 4", "blocks.0.attn.W_Q")]
    [InlineData("\"n_heads\": 3,", "", "n_heads is missing")]
    [InlineData("\"n_heads\": 3", "\"n_heads\": \"three\"", "it must be a number")]
    [InlineData("\"n_heads\": 3", "\"n_heads\": -3", "n_heads is -3")]
    [InlineData("\"LN\"", "\"RMS\"", "no place for the tensor blocks.0.ln1.b")]
    [InlineData("\"LN\"", "\"BN\"", "normalization_type is \"BN\"")]
    [InlineData("\"standard\"", "\"rotary\"", "no place for the tensor pos_embed.W_pos")]
    [InlineData("\"standard\"", "\"alibi\"", "positional_embedding_type is \"alibi\"")]
    [InlineData("\"gelu\"", "\"xielu\"", "act_fn is \"xielu\"")]
    [InlineData("\"n_heads\": 3", "\"n_heads\": 3, \"use_attn_sinks\": true", "the key use_attn_sinks is true, and Curie does not know")]
    [InlineData("\"n_heads\": 3", "\"n_heads\": 3, \"clip_qkv\": 8.0", "clip_qkv is 8.0")]
    [InlineData("\"n_heads\": 3", "\"n_heads\": 3, \"output_logits_soft_cap\": 30", "output_logits_soft_cap is 30")]
    [InlineData("{", "", "JSON")]
    public void A_configuration_that_does_not_fit_is_refused_with_file_and_key(string old, string replacement, string expected)
    {
        using ParameterSet saved = Model();
        ModelFolder.Save(_folder, saved);
        string path = Path.Combine(_folder, ModelFolder.ConfigName);
        string text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));

        InputException error = Assert.Throws<InputException>(() => ModelReader.Load(_folder));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_not_a_number_is_refused_with_tensor_and_element()
    {
        using ParameterSet saved = Model();
        saved[saved.Layout.Unembedding][5] = float.NaN;
        ModelFolder.Save(_folder, saved);

        InputException error = Assert.Throws<InputException>(() => ModelReader.Load(_folder));

        Assert.Contains("unembed.W_U holds NaN at element 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused()
    {
        InputException error = Assert.Throws<InputException>(() => ModelReader.Load(Path.Combine(_folder, "none")));

        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    private static ParameterSet Model()
    {
        TransformerConfig config = new()
        {
            Layers = 1,
            ModelWidth = 10,
            Heads = 3,
            HeadWidth = 4,
            ContextLength = 9,
            Vocabulary = 11,
            MlpWidth = 6,
        };
        ParameterSet parameters = new(new ParameterLayout(config));
        Initialization.Fill(parameters, Kernels.For(NetworkFixture.Widest), seed: 1);
        return parameters;
    }
}

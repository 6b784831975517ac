using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Studies.Configuration;

namespace Curie.Studies.Tests.Configuration;

public sealed class TrainingConfigurationTests : IDisposable
{
    private const string Minimal = "data: pile.npy\nout: runs/pile\nsteps: 10\n";

    private const string Model = "model: {n_layers: 1, d_model: 8, n_heads: 2, d_head: 4, n_ctx: 16, d_vocab: 50";

    private const string Full = """
        model: {n_layers: 2, d_model: 256, n_heads: 8, d_head: 32, n_ctx: 1024, d_vocab: 5000, attn_only: true,
                positional_embedding_type: shortformer}
        data: pile.npy
        validation: heldout.npy
        out: runs/pile
        seed: 3
        steps: 50000
        batch_size: 99
        order: sequential
        learning_rate: 2.0e-3
        betas: [0.8, 0.99]
        eps: 1.0e-7
        weight_decay: 0.1
        warmup_steps: 100
        checkpoints: {log: 5, linear: 6}
        """;

    private readonly ConfigurationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Every_key_is_read()
    {
        TrainingConfiguration training = TrainingConfiguration.Load(_files.Write("train.yaml", Full));

        TransformerConfig expected = new()
        {
            Layers = 2,
            ModelWidth = 256,
            Heads = 8,
            HeadWidth = 32,
            ContextLength = 1024,
            Vocabulary = 5000,
            Positions = PositionalEmbedding.Shortformer,
        };
        TrainingOptions options = new()
        {
            Steps = 50000,
            Seed = 3,
            BatchSize = 99,
            Order = RowOrder.Sequential,
            LearningRate = 2e-3,
            Beta1 = 0.8,
            Beta2 = 0.99,
            Epsilon = 1e-7,
            WeightDecay = 0.1,
            WarmupSteps = 100,
            LogCheckpoints = 5,
            LinearCheckpoints = 6,
        };
        Assert.Equal(expected, training.Model.Architecture);
        Assert.Null(training.Model.InitialWeights);
        Assert.Equal(options, training.Options);
        Assert.Equal(Path.Combine(_files.Folder, "pile.npy"), training.Data);
        Assert.Equal(Path.Combine(_files.Folder, "heldout.npy"), training.Validation);
        Assert.Equal(Path.Combine(_files.Folder, "runs", "pile"), training.Out);
    }

    [Fact]
    public void Keys_left_out_take_the_documented_defaults()
    {
        TrainingConfiguration training = TrainingConfiguration.Load(_files.Write("train.yaml", Minimal + Model + "}\n"));
        Assert.Equal(new TrainingOptions { Steps = 10 }, training.Options);
        Assert.Null(training.Validation);
        Assert.Equal(32, training.Model.Architecture!.MlpWidth);
        Assert.Equal(Activation.Gelu, training.Model.Architecture.Activation);
        Assert.Equal(PositionalEmbedding.Standard, training.Model.Architecture.Positions);
    }

    [Fact]
    public void Logits_have_biases_unless_the_configuration_says_otherwise()
    {
        string without = _files.Write("train.yaml", Minimal + Model + ", unembed_bias: false}\n");
        Assert.False(TrainingConfiguration.Load(without).Model.Architecture!.UnembeddingBiases);
        Assert.True(TrainingConfiguration.Load(_files.Write("train.yaml", Minimal + Model + "}\n")).Model.Architecture!.UnembeddingBiases);
    }

    [Fact]
    public void Training_can_start_from_given_weights()
    {
        TrainingConfiguration training = TrainingConfiguration.Load(_files.Write("train.yaml", Minimal + "model: {init: given}\n"));
        Assert.Null(training.Model.Architecture);
        Assert.Equal(Path.Combine(_files.Folder, "given"), training.Model.InitialWeights);
    }

    [Fact]
    public void Given_weights_may_stand_in_place_of_the_model_section()
    {
        TrainingConfiguration inside = TrainingConfiguration.Load(_files.Write("inside.yaml", Minimal + "model: {init: given}\n"));
        TrainingConfiguration alone = TrainingConfiguration.Load(_files.Write("alone.yaml", Minimal + "init: given\n"));
        Assert.Equal(inside, alone);
    }

    [Theory]
    [InlineData(Full)]
    [InlineData(Minimal + "validation: v.npy\nmodel: {init: given}\n")]
    [InlineData(Minimal + "tokenizer: t.json\n" + Model + ", position_init: sinusoidal}\n")]
    [InlineData(Minimal + "validation: v.npy\n" + Model + ", d_mlp: 24, act_fn: gelu_new}\n")]
    public void The_resolved_json_is_itself_a_configuration_that_reads_back_the_same(string text)
    {
        TrainingConfiguration training = TrainingConfiguration.Load(_files.Write("train.yaml", text));
        TrainingConfiguration back = TrainingConfiguration.Load(_files.Write("resolved.yaml", training.ToJson().ToJsonString()));
        Assert.Equal(training, back);
    }

    [Theory]
    [InlineData(Minimal + Model + ", d_haed: 4}\n", " line 4: unknown key \"d_haed\"; did you mean \"d_head\"?")]
    [InlineData(Minimal + "model: {n_layers: 1}\n", " line 4: the key \"d_model\" is missing here; add it.")]
    [InlineData(
        Minimal + "model: {init: a, n_layers: 1}\n",
        " line 4: init takes the architecture from the folder that it names; delete the other keys of model, or init."
    )]
    [InlineData(
        Minimal + "model: {init: a}\ninit: b\n",
        " line 5: init takes the architecture from the folder that it names, so model must go; delete one of the two."
    )]
    [InlineData(
        Minimal + Model + ", attn_only: true, d_mlp: 3}\n",
        " line 4: attn_only: true leaves no MLP, so d_mlp and act_fn have no meaning; delete them, or attn_only."
    )]
    [InlineData(Minimal + Model + ", attn_only: yes}\n", " line 4: \"attn_only\" must be true or false.")]
    [InlineData(Minimal + Model + ", normalization_type: RMS}\n", " line 4: \"normalization_type\" cannot be \"RMS\"; known here: LN.")]
    [InlineData(Minimal + Model + ", act_fn: gelu_now}\n", " line 4: \"act_fn\" cannot be \"gelu_now\"; did you mean \"gelu_new\"?")]
    [InlineData(Minimal + Model + "}\nbetas: [0.9]\n", " line 5: \"betas\" must be a list of 2 numbers from 0 up to but not including 1.")]
    [InlineData(
        Minimal + Model + "}\nbetas: [0.9, 1]\n",
        " line 5: \"betas\" is 1, but it must be a number from 0 up to but not including 1."
    )]
    [InlineData(Minimal + Model + "}\nwarmup_steps: 11\n", " line 5: the warm-up of 11 steps is longer than the run of 10; shorten it.")]
    [InlineData(Minimal + Model + "}\ncheckpoints: {lin: 1}\n", " line 5: unknown key \"lin\"; known here: log, linear.")]
    [InlineData(Minimal + Model + "}\nvalidatoin: a.npy\n", " line 5: unknown key \"validatoin\"; did you mean \"validation\"?")]
    [InlineData("steps: 1\nmodel: {init: a}\ndata: a\n", " line 1: the key \"out\" is missing here; add it.")]
    public void Refuses_with_the_line_and_the_remedy(string text, string message) =>
        _files.AssertRefused("train.yaml", text, message, path => TrainingConfiguration.Load(path));

    [Fact]
    public void Sizes_beyond_the_network_are_refused()
    {
        string path = _files.Write(
            "train.yaml",
            Minimal + Model.Replace("d_model: 8", "d_model: 2000000000", StringComparison.Ordinal) + "}\n"
        );
        Numerics.InputException error = Assert.Throws<Numerics.InputException>(() => TrainingConfiguration.Load(path));
        Assert.Equal($"{path} line 4: d_model is 2000000000; it must be 1 to 65536.", error.Message);
    }
}

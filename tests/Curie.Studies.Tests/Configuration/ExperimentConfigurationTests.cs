using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Sampling;
using Curie.Studies.Configuration;

namespace Curie.Studies.Tests.Configuration;

public sealed class ExperimentConfigurationTests : IDisposable
{
    private const string Minimal = "model: m\nsampling:\n  data: pile.npy\n";

    private const string Full = """
        model: runs/pile/checkpoint-49900    # the checkpoint
        seed: 7
        threads: 2
        attention_megabytes: 2.5
        sampling:
          data: pile.npy
          components: [full, heads, l0+l1h3]
          sampler: sgld
          step_size: 2.0e-3
          nbeta: 31
          localization: 301
          noise_level: 0.5
          batch_size: 17
          order: sequential
          chains: 5
          draws: 101
          burn_in: 3
          steps_between_draws: 2
          loss_rows: all
        probes:
          - name: github
            data: /data/github.npy
            rows: 160
            tokens: 20000
          - {name: law, data: ../law.npy}
        """;

    private readonly ConfigurationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Every_key_is_read()
    {
        ExperimentConfiguration experiment = ExperimentConfiguration.Load(_files.Write("experiment.yaml", Full));

        Assert.Equal(Path.Combine(_files.Folder, "runs", "pile", "checkpoint-49900"), experiment.Model);
        Assert.Equal((2, 2.5), (experiment.Threads, experiment.AttentionMegabytes));
        SamplingConfiguration sampling = experiment.Sampling;
        Assert.Equal(Path.Combine(_files.Folder, "pile.npy"), sampling.Data);
        Assert.Equal(["full", "heads", "l0+l1h3"], sampling.Components);
        Assert.Equal(
            (7L, 2e-3, 31.0, 301.0, 0.5),
            (
                sampling.Options.Seed,
                sampling.Options.StepSize,
                sampling.Options.NBeta,
                sampling.Options.Localization,
                sampling.Options.NoiseLevel
            )
        );
        Assert.Equal((17, RowOrder.Sequential, (int?)null), (sampling.BatchSize, sampling.Order, sampling.LossRows));
        Assert.Equal(
            (5, 101, 3, 2),
            (sampling.Options.Chains, sampling.Options.Draws, sampling.Options.BurnIn, sampling.Options.StepsBetweenDraws)
        );
        Assert.Equal(
            new ProbeConfiguration
            {
                Name = "github",
                Data = "/data/github.npy",
                Rows = 160,
                Tokens = 20000,
            },
            experiment.Probes[0]
        );
        Assert.Equal(
            new ProbeConfiguration { Name = "law", Data = Path.GetFullPath(Path.Combine(_files.Folder, "..", "law.npy")) },
            experiment.Probes[1]
        );
    }

    [Fact]
    public void Keys_left_out_take_the_documented_defaults()
    {
        ExperimentConfiguration experiment = ExperimentConfiguration.Load(_files.Write("experiment.yaml", Minimal));

        SamplingConfiguration sampling = experiment.Sampling;
        Assert.Equal((0, 1L, 16), (experiment.Threads, sampling.Options.Seed, experiment.AttentionMegabytes));
        Assert.Equal(["full", "heads"], sampling.Components);
        Assert.Equal(
            (2e-4, 1000.0, 1000.0, 1.0),
            (sampling.Options.StepSize, sampling.Options.NBeta, sampling.Options.Localization, sampling.Options.NoiseLevel)
        );
        Assert.Equal((16, RowOrder.Shuffled, 64), (sampling.BatchSize, sampling.Order, sampling.LossRows));
        Assert.Equal(
            (4, 100, 0, 1),
            (sampling.Options.Chains, sampling.Options.Draws, sampling.Options.BurnIn, sampling.Options.StepsBetweenDraws)
        );
        Assert.Empty(experiment.Probes);
    }

    [Fact]
    public void The_resolved_json_is_itself_a_configuration_that_reads_back_the_same()
    {
        ExperimentConfiguration experiment = ExperimentConfiguration.Load(_files.Write("experiment.yaml", Full));
        JsonObject json = experiment.ToJson();

        // Every JSON text is YAML, so the same reader must accept it wherever it lies.
        ExperimentConfiguration back = ExperimentConfiguration.Load(_files.Write("resolved.yaml", json.ToJsonString()));

        Assert.Equal(json.ToJsonString(), back.ToJson().ToJsonString());
        Assert.Equal(7, (long)json["seed"]!);
        Assert.Equal("all", (string)json["sampling"]!["loss_rows"]!);
        Assert.Equal(23, json.Count + json["sampling"]!.AsObject().Count);
    }

    [Theory]
    [InlineData(
        "sampler: rmsprop-sgld\n  rmsprop_decay: 0.95\n  rmsprop_offset: 0.2\n  rmsprop_bias_correction: true\n  weight_decay: 3\n",
        26
    )]
    [InlineData("sampler: sgnht\n  friction: 0.2\n  thermostat_rate: 0.05\n", 25)]
    public void A_samplers_own_keys_are_read_and_written(string keys, int count)
    {
        ExperimentConfiguration experiment = ExperimentConfiguration.Load(_files.Write("experiment.yaml", Minimal + "  " + keys));
        SamplingOptions options = experiment.Sampling.Options;
        SamplingOptions expected = keys.Contains("sgnht", StringComparison.Ordinal)
            ? new()
            {
                Sampler = Sampler.Sgnht,
                Thermostat = new() { Friction = 0.2, Rate = 0.05 },
            }
            : new()
            {
                Sampler = Sampler.RmsPropSgld,
                WeightDecay = 3,
                Preconditioner = new()
                {
                    Decay = 0.95,
                    Offset = 0.2,
                    BiasCorrection = true,
                },
            };
        Assert.Equal(expected, options);
        JsonObject json = experiment.ToJson();
        ExperimentConfiguration back = ExperimentConfiguration.Load(_files.Write("resolved.yaml", json.ToJsonString()));
        Assert.Equal(options, back.Sampling.Options);
        Assert.Equal(count, json.Count + json["sampling"]!.AsObject().Count);
    }

    [Fact]
    public void Another_seed_changes_nothing_else()
    {
        ExperimentConfiguration experiment = ExperimentConfiguration.Load(_files.Write("experiment.yaml", Minimal));
        JsonObject changed = experiment.WithSeed(9).ToJson();
        changed["seed"] = 1;
        Assert.Equal(experiment.ToJson().ToJsonString(), changed.ToJsonString());
    }

    [Theory]
    [InlineData(Minimal + "  step_siz: 1\n", " line 4: unknown key \"step_siz\"; did you mean \"step_size\"?")]
    [InlineData(Minimal + "thread: 1\n", " line 4: unknown key \"thread\"; did you mean \"threads\"?")]
    [InlineData(
        Minimal + "colour: red\n",
        " line 4: unknown key \"colour\"; known here: model, seed, threads, attention_megabytes, sampling, probes, llc."
    )]
    [InlineData("modle: m\nsampling:\n  data: a.npy\n", " line 1: unknown key \"modle\"; did you mean \"model\"?")]
    [InlineData("seed: 1\n", " line 1: the key \"model\" is missing here; add it.")]
    [InlineData("", " line 1: the key \"model\" is missing here; add it.")]
    [InlineData("model: m\nsampling:\n  nbeta: 3\n", " line 3: the key \"data\" is missing here; add it.")]
    [InlineData("model: m\nsampling: pile.npy\n", " line 2: \"sampling\" must hold keys with values.")]
    [InlineData("model: m\nmodel: n\n", " line 2: the key \"model\" was given on line 1 already; keep one of the two.")]
    [InlineData("model:\nsampling:\n  data: a.npy\n", " line 1: \"model\" has no value; give one or delete the line.")]
    [InlineData("model: [a]\n", " line 1: \"model\" must be a text.")]
    [InlineData("- model\n", " line 1: the configuration must be keys with values, such as seed: 1.")]
    [InlineData("model: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", " line 1: brackets are nested more than 32 deep; no setting is.")]
    [InlineData("model: &a m\n", " line 1: anchors, aliases and tags are not read; write the value itself.")]
    [InlineData("model: !!str m\n", " line 1: anchors, aliases and tags are not read; write the value itself.")]
    [InlineData(Minimal + "---\nmodel: m\n", " line 4: a second document starts here; keep one configuration in a file.")]
    [InlineData(Minimal + "seed: 1.5\n", " line 4: \"seed\" is 1.5, but it must be a whole number of at least 0.")]
    [InlineData(Minimal + "seed: \"1\"\n", " line 4: \"seed\" is the text \"1\", but it must be a whole number of at least 0.")]
    [InlineData(Minimal + "attention_megabytes: -1\n", " line 4: \"attention_megabytes\" is -1, but it must be a number from 0 to 2000.")]
    [InlineData(Minimal + "threads: -1\n", " line 4: \"threads\" is -1, but it must be a whole number of at least 0.")]
    [InlineData(Minimal + "  chains: 0\n", " line 4: \"chains\" is 0, but it must be a whole number of at least 1.")]
    [InlineData(Minimal + "  draws: 3000000000\n", " line 4: \"draws\" is 3000000000, but it must be a whole number of at least 1.")]
    [InlineData(Minimal + "  loss_rows: 0\n", " line 4: \"loss_rows\" is 0, but it must be a whole number of at least 1 or all.")]
    [InlineData(Minimal + "  loss_rows_choice: last\n", " line 4: \"loss_rows_choice\" cannot be \"last\"; known here: first, random.")]
    [InlineData(Minimal + "  step_size: -1.0e-3\n", " line 4: \"step_size\" is -1.0e-3, but it must be a number above 0.")]
    [InlineData(Minimal + "  step_size: fast\n", " line 4: \"step_size\" is fast, but it must be a number above 0.")]
    [InlineData(Minimal + "  nbeta: .nan\n", " line 4: \"nbeta\" is .nan, but it must be a number of at least 0.")]
    [InlineData(Minimal + "  nbeta: 1e999\n", " line 4: \"nbeta\" is 1e999, but it must be a number of at least 0.")]
    [InlineData(Minimal + "  nbeta: [30]\n", " line 4: \"nbeta\" is a list, but it must be a number of at least 0.")]
    [InlineData(Minimal + "  sampler: sglt\n", " line 4: \"sampler\" cannot be \"sglt\"; did you mean \"sgld\"?")]
    [InlineData(Minimal + "  order: random\n", " line 4: \"order\" cannot be \"random\"; known here: shuffled, sequential.")]
    [InlineData(Minimal + "  components: full\n", " line 4: \"components\" must be a list such as [full, heads].")]
    [InlineData(Minimal + "  components: []\n", " line 4: \"components\" must be a list such as [full, heads].")]
    [InlineData(Minimal + "  components: [full, full]\n", " line 4: \"full\" comes twice in \"components\".")]
    [InlineData(
        Minimal + "  step_size: 0.02\n  localization: 300\n",
        " line 4: step_size 0.02 times localization is 6, and from 4 on every update moves further from the checkpoint than the last: "
            + "make step_size smaller than 0.0133333."
    )]
    [InlineData(
        Minimal + "  sampler: rmsprop-sgld\n  step_size: 2e-3\n  localization: 300\n",
        " line 5: step_size 0.002 times localization over rmsprop_offset is 6, and from 4 on every update moves further from the "
            + "checkpoint than the last: make step_size smaller than 0.00133333."
    )]
    [InlineData(
        Minimal + "  sampler: mala\n",
        " line 4: mala needs exact losses, and a network is sampled on minibatches; take sgld, rmsprop-sgld or sgnht, and try mala in "
            + "curie validate."
    )]
    [InlineData(Minimal + "  friction: 1\n", " line 4: \"friction\" is not a setting of the sampler sgld; delete it, or choose sgnht.")]
    [InlineData(
        Minimal + "  sampler: sgnht\n  rmsprop_decay: 0.9\n",
        " line 5: \"rmsprop_decay\" is not a setting of the sampler sgnht; delete it, or choose rmsprop-sgld."
    )]
    [InlineData(
        Minimal + "  sampler: rmsprop-sgld\n  rmsprop_decay: 1\n  rmsprop_bias_correction: true\n",
        " line 5: \"rmsprop_decay\" must be below 1 with rmsprop_bias_correction, which takes out the start that v then never forgets."
    )]
    [InlineData(
        Minimal + "  sampler: sgnht\n  thermostat_rate: 0\n",
        " line 5: \"thermostat_rate\" is 0, but it must be a number above 0."
    )]
    [InlineData(Minimal + "  weight_decay: -1\n", " line 4: \"weight_decay\" is -1, but it must be a number of at least 0.")]
    [InlineData(Minimal + "probes:\n  name: a\n", " line 5: \"probes\" must be a list, each item starting with a dash.")]
    [InlineData(Minimal + "probes:\n- name: a\n", " line 5: the key \"data\" is missing here; add it.")]
    [InlineData(
        Minimal + "probes:\n- {name: a, data: b}\n- {name: a, data: c}\n",
        " line 6: a probe named \"a\" was given already; give each probe its own name."
    )]
    public void Refuses_with_the_line_and_the_remedy(string text, string message) =>
        _files.AssertRefused("experiment.yaml", text, message, path => ExperimentConfiguration.Load(path));

    [Theory]
    [InlineData("model: [a\nsampling: 1\n")]
    [InlineData("model: a\n\tseed: 1\n")]
    [InlineData("model: a: b\n")]
    [InlineData("model: 'a\n")]
    [InlineData("model: *a\n")]
    public void Refuses_what_is_not_yaml_with_a_line(string text)
    {
        string path = _files.Write("experiment.yaml", text);
        InputException error = Assert.Throws<InputException>(() => ExperimentConfiguration.Load(path));
        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(path) + " line [0-9]+: ", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        InputException error = Assert.Throws<InputException>(() => ExperimentConfiguration.Load("nowhere.yaml"));
        Assert.Equal("nowhere.yaml does not exist; check the path.", error.Message);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Page;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>Scans of tiny models through the command line.</summary>
public sealed class ScanCommandTests : IDisposable
{
    private static readonly string Source = ReferenceFiles.Susceptibility("3-attention-shortformer");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_scan_is_a_run_that_structure_and_report_read()
    {
        string run = _folder.File("run");
        CommandRun result = Scan("--data", Of("pile.npy"), "--loss-rows", "7", "--out", run).AssertDone();
        Assert.Contains("P is the mean loss of the first 7 rows of", result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("This is a scan", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"About .* (second|minute)s? on \d+ threads? \(as tried now, if nothing else runs\)", result.Output);
        RunManifest manifest = RunFolder.Read(run).Manifest;
        Assert.Equal((true, true, 15), (manifest.Complete, manifest.Scan, manifest.Components.Count));
        Assert.Equal(["shift", "excess"], manifest.Parts!);
        Assert.Equal(["near", "other"], manifest.ProbeNames);
        Assert.Equal(8, manifest.Configuration.GetProperty("scan").GetProperty("pairs").GetInt32());
        Assert.Equal(Of("pile.npy"), manifest.Configuration.GetProperty("sampling").GetProperty("data").GetString());

        string structure = CommandRun.Of("structure", run, "--centring", "z-score", "--verbose").AssertDone().Output;
        Assert.Contains("Modes of excess, heads of layer 0", structure, StringComparison.Ordinal);
        Assert.Contains("This is a scan", structure, StringComparison.Ordinal);
        CommandRun.Of("structure", run, "--part", "chi").AssertRefused(1, "the run holds no chi");
        PagePayload payload = PagePayload.Of([run], model: null, stages: null, scores: null);
        JsonNode response = JsonNode.Parse(payload.ToJson())!["response"]!;
        Assert.True(response["scan"]!.GetValue<bool>());
        Assert.Contains("This is a scan", response["caveats"]!.ToJsonString(), StringComparison.Ordinal);
        if (ReportPage.IsAvailable)
        {
            CommandRun.Of("report", run, "--out", _folder.File("page.html")).AssertDone();
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_a_run_is_not_replaced_unasked()
    {
        string run = _folder.File("run");
        Scan("--out", run, "--threads", "1").AssertDone();
        byte[] first = File.ReadAllBytes(Path.Combine(run, RunFolder.ArrayFileName));
        Scan("--out", run).AssertRefused(1, "already; give --overwrite to replace them");
        Scan("--out", run, "--overwrite", "--threads", "3", "--memory", "400M").AssertDone();
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(run, RunFolder.ArrayFileName)));
        Scan("--out", run, "--overwrite", "--seed", "2").AssertDone();
        Assert.NotEqual(first, File.ReadAllBytes(Path.Combine(run, RunFolder.ArrayFileName)));
    }

    [Fact]
    public void An_experiment_file_gives_the_model_the_data_and_the_probes()
    {
        using ExperimentFolder experiment = new("3-attention-shortformer");
        string[] arguments =
        [
            "scan",
            "--config",
            experiment.Config,
            "--pairs",
            "4",
            "--component",
            "l0h1",
            "--localization",
            "20",
            "--json",
        ];
        CommandRun.Of(arguments).AssertRefused(1, "noise_level is 0");
        experiment.With(("noise_level: 0", "noise_level: 1"));
        string run = experiment.PathOf("run");
        JsonNode json = JsonNode.Parse(CommandRun.Of([.. arguments, "--out", run]).AssertDone().Output)!;
        Assert.Equal(
            (4, 1, 20, 2),
            ((int)json["pairs"]!, (int)json["components"]!, (int)json["localization"]!, json["excess"]!.AsArray().Count)
        );
        SusceptibilityRun data = RunFolder.Read(run);
        Assert.Equal(data.Data.Dataset.Values(ResponsePart.Excess)[1], (double)json["excess"]![1]!["value"]!);
        Assert.Equal(JsonValueKind.Number, data.Manifest.Configuration.GetProperty("sampling").GetProperty("loss_rows").ValueKind);
    }

    [Fact]
    public void A_scan_that_is_stopped_leaves_what_was_there()
    {
        string run = _folder.File("run");
        CommandRun.With("", new CancellationToken(canceled: true), Arguments("--out", run)).AssertRefused(130, "nothing was written");
        Assert.Empty(Directory.GetFileSystemEntries(run));
        Scan("--out", run).AssertDone();
        byte[] first = File.ReadAllBytes(Path.Combine(run, RunFolder.ArrayFileName));
        CommandRun
            .With("", new CancellationToken(canceled: true), Arguments("--out", run, "--overwrite", "--seed", "2"))
            .AssertRefused(130, "nothing was written");
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(run, RunFolder.ArrayFileName)));
    }

    [Fact]
    public void Without_a_folder_the_table_is_all()
    {
        CommandRun result = Scan().AssertDone();
        Assert.Contains("Response matrix: excess", result.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", result.Output, StringComparison.Ordinal);
        Assert.Contains("the tokens of all probes together", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_probe_against_its_own_mean_has_no_excess_and_the_scan_says_so()
    {
        string[] alone = ["scan", "--model", Of("model"), "--probe", Of("near.npy"), "--rows", "2", "--pairs", "4", "--localization", "20"];
        string output = CommandRun.Of(alone).AssertDone().Output;
        Assert.Contains("is 0 by construction", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        string line = output.Split('\n').First(line => line.TrimStart().StartsWith("near", StringComparison.Ordinal));
        Assert.All(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..], value =>
            Assert.StartsWith("(", value, StringComparison.Ordinal)
        );

        output = CommandRun.Of([.. alone, "--data", Of("pile.npy")]).AssertDone().Output;
        Assert.DoesNotContain("is 0 by construction", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("give at least 2", "--pairs", "1")]
    [InlineData("localization is 0", "--localization", "0")]
    [InlineData("sampling.localization is -1", "--localization", "-1")]
    [InlineData("l9h1", "--component", "l9h1")]
    [InlineData("only full", "--component", "full")]
    [InlineData("raise --memory", "--memory", "1M")]
    [InlineData("none.npy", "--probe", "none.npy")]
    [InlineData("cannot name data", "--probe", "a b=near.npy")]
    [InlineData("none.npy", "--data", "none.npy")]
    [InlineData("the probes' name near", "--probe", "near.npy")]
    public void Bad_input_is_refused_in_a_sentence_and_nothing_is_written(string message, params string[] more)
    {
        string run = _folder.File("run");
        CommandRun result = Scan([.. more.Select(word => word == "near.npy" ? Of(word) : word), "--out", run]);
        result.AssertRefused(1, message);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void A_model_and_rows_that_do_not_fit_are_refused()
    {
        CommandRun.Of("scan", "--model", _folder.File("none"), "--probe", Of("near.npy")).AssertRefused(1, "none");
        CommandRun.Of("scan", "--model", Of("model")).AssertRefused(2, "give --model and at least one --probe, or --config");
        string other = Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "model");
        File.WriteAllText(_folder.File("text.npy"), "no rows");
        CommandRun.Of("scan", "--model", other, "--probe", _folder.File("text.npy")).AssertRefused(1, "text.npy");
    }

    private static string Of(string name) => Path.Combine(Source, name);

    private static string[] Arguments(params string[] more) =>
        [
            "scan",
            "--model",
            Of("model"),
            "--probe",
            Of("near.npy"),
            "--probe",
            $"other={Of("far.npy")}",
            .. more.Contains("--pairs") ? Array.Empty<string>() : ["--pairs", "8"],
            .. more,
        ];

    private static CommandRun Scan(params string[] more) => CommandRun.Of(Arguments(more));
}

using System.Text.Json.Nodes;
using Curie.Cli.Tests.Commands;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Page;
using Curie.Response.Runs;
using Curie.Studies.Designs;

namespace Curie.Cli.Tests.Reports.Page;

/// <summary>A design on the page of its run: what the page is given, and what is refused.</summary>
public sealed class DesignReportTests : IClassFixture<ExampleFiles>
{
    private readonly ExampleFiles _files;

    public DesignReportTests(ExampleFiles files) => _files = files;

    [Fact]
    public void A_page_holds_the_weights_of_every_token_what_is_predicted_and_the_rows()
    {
        string weights = Design("page.npy");

        JsonNode page = Payload(weights);

        JsonNode design = page["design"]!;
        Assert.Equal("page.npy", (string)design["name"]!);
        Assert.Equal("all heads", (string)design["title"]!);
        Assert.Equal("text", (string)design["record"]!["probe"]!);
        Assert.Equal(8, design["record"]!["predictions"]!.AsArray().Count);
        Assert.Equal(9, design["halfWidths"]!.AsArray().Count);

        // Four rows have weights; their tokens' mean is 1, and the spreads of rows make up that of all tokens.
        JsonArray rows = design["rows"]!.AsArray();
        Assert.Equal(4, rows.Count);
        double tokens = rows.Sum(row => (double)row!["tokens"]!);
        Assert.Equal(1, rows.Sum(row => (double)row!["tokens"]! * (double)row["weight"]!["value"]!) / tokens, 1e-5);
        double squares = rows.Sum(row =>
            (double)row!["tokens"]! * (Squared((double)row["spread"]!) + Squared((double)row["weight"]!["value"]! - 1))
        );
        Assert.Equal((double)design["record"]!["spread"]!, Math.Sqrt(squares / tokens), 1e-5);
        JsonNode array = Assert.Single(page["arrays"]!.AsArray(), entry => (string)entry!["name"]! == "design_weight")!;
        Assert.Equal((int)page["response"]!["shape"]!["kept"]!, (int)array["length"]!);
    }

    /// <summary>What files of earlier versions predict is by χ, which is not what λ̂ does.</summary>
    [Fact]
    public void Predictions_of_an_earlier_version_are_not_shown()
    {
        string weights = Design("earlier.npy");
        string beside = _files.PathOf("earlier.json");
        JsonNode record = JsonNode.Parse(File.ReadAllText(beside))!;
        foreach (JsonNode? one in record["predictions"]!.AsArray().Append(record["along"]))
        {
            Assert.True(one!.AsObject().Remove("localized"));
        }

        File.WriteAllText(beside, record.ToJsonString());

        JsonNode design = Payload(weights)["design"]!;

        Assert.Empty(design["record"]!["predictions"]!.AsArray());
        Assert.Null(design["record"]!["along"]);
        Assert.Empty(design["halfWidths"]!.AsArray());
    }

    [Fact]
    public void The_weights_are_read_back_at_their_tokens()
    {
        string weights = Design("back.npy");
        SusceptibilityRun run = RunFolder.Read(Run);

        StoredDesign design = StoredDesign.Read(weights, Run, run);

        using NpyArray<float> written = NpyFile.Read<float>(weights);
        Assert.Equal(run.Manifest.Fingerprint, design.Record.Fingerprint);
        Assert.All(design.Weights.Select((weight, i) => (weight, Token: design.FirstToken + i)), one =>
            Assert.Equal(written.Row(run.Data.Tokens.Row[one.Token])[run.Data.Tokens.Position[one.Token]], one.weight)
        );
        Assert.Equal(run.Data.Tokens.Probe.Count(probe => probe == design.Probe), design.Weights.Count);
    }

    [Fact]
    public void A_missing_file_a_wrong_shape_and_the_weights_of_another_run_are_refused_in_one_sentence()
    {
        string weights = Design("refused.npy");
        Report(_files.PathOf("none.npy"))
            .AssertRefused(1, "none.npy does not exist; name with --design the weights that curie design wrote");

        string alone = _files.PathOf("alone.npy");
        File.Copy(weights, alone);
        Report(alone).AssertRefused(1, "alone.json does not exist, in which curie design says what");

        string json = File.ReadAllText(_files.PathOf("refused.json"));
        File.WriteAllText(_files.PathOf("alone.json"), "{}");
        Report(alone).AssertRefused(1, "alone.json is damaged or was not written by curie design");

        File.WriteAllText(_files.PathOf("alone.json"), json);
        NpyFile.Write<float>(alone, [1, 1, 1, 1, 1, 1], 2, 3);
        Report(alone).AssertRefused(1, "alone.npy has the shape (2, 3), and the rows of the probe text need (");

        File.Copy(weights, alone, overwrite: true);
        JsonNode record = JsonNode.Parse(json)!;
        record["fingerprint"] = "of another run";
        File.WriteAllText(_files.PathOf("alone.json"), record.ToJsonString());
        Report(alone).AssertRefused(1, "alone.npy holds the weights of a design from another run than");

        // A record of before names neither the run's digest nor the probe; weights moved by a row are not those that it tells of.
        record.AsObject().Remove("fingerprint");
        record.AsObject().Remove("probe");
        File.WriteAllText(_files.PathOf("alone.json"), record.ToJsonString());
        Assert.NotNull(StoredDesign.Read(alone, Run, RunFolder.Read(Run)));
        using (NpyArray<float> written = NpyFile.Read<float>(weights))
        {
            int positions = (int)written.Shape[1];
            float[] all = written.Span.ToArray();
            float[] moved = [.. all[^positions..], .. all[..^positions]];
            NpyFile.Write<float>(alone, moved, written.Shape[0], positions);
        }

        Report(alone).AssertRefused(1, "or they were changed since");
        Assert.False(File.Exists(_files.PathOf("page.html")));
    }

    [Fact]
    public void A_design_without_a_run_is_refused()
    {
        CommandRun
            .Of("report", "--stages", _files.PathOf("stages"), "--design", _files.PathOf("w.npy"), "--out", _files.PathOf("page.html"))
            .AssertRefused(2, "--design needs the run that the weights were designed from");
        Assert.Throws<ArgumentException>(() => PagePayload.Of([], stages: "stages", design: "w.npy"));
    }

    private string Run => _files.PathOf("runs/chi");

    private static double Squared(double value) => value * value;

    private string Design(string name)
    {
        string weights = _files.PathOf(name);
        CommandRun.Of("design", Run, "--mode", "1", "--probe", "text", "--spread", "0.5", "--out", weights).AssertDone();
        return weights;
    }

    private JsonNode Payload(string weights) => JsonNode.Parse(PagePayload.Of([Run], design: weights).ToJson())!;

    private CommandRun Report(string weights) => CommandRun.Of("report", Run, "--design", weights, "--out", _files.PathOf("page.html"));
}

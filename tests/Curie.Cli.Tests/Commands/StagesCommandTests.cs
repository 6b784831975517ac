using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Curie.Numerics.Random;
using Curie.Response.Runs;
using Curie.Studies.Development;
using Curie.Tests;
using Curie.Text.Packing;
using Spectre.Console;

namespace Curie.Cli.Tests.Commands;

/// <summary>A made-up table with known turns, and a tiny training run.</summary>
public sealed class StagesCommandTests : IDisposable
{
    private const int Checkpoints = 30;
    private readonly TemporaryFolder _folder = new();

    public StagesCommandTests() => File.WriteAllText(_folder.File("llc.csv"), Table());

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("value", "3e299")]
    [InlineData("se", "1e300")]
    [InlineData("loss", "-1e160")]
    public void Numbers_whose_squares_are_none_are_refused(string column, string number)
    {
        string[] lines = File.ReadAllLines(_folder.File("llc.csv"));
        string[] fields = lines[2].Split(',');
        int place = Array.IndexOf(lines[0].Split(','), column);
        Assert.True(place >= 0, lines[0]);
        fields[place] = number;
        lines[2] = string.Join(',', fields);
        File.WriteAllLines(_folder.File("llc.csv"), lines);
        CommandRun
            .Of("stages", _folder.File("llc.csv"), "--posterior-draws", "100", "--json")
            .AssertRefused(1, $"line 3: {column} is {number.Replace("e", "E+", StringComparison.Ordinal)}, which is out of all proportion");
    }

    /// <summary>
    /// λ̂ of `full` is 10·sin(x) with noise of 0.3: its turns at x = π/2 and 3π/2 must be within the reported 95 % intervals widened by
    /// half, as one draw of noise
    /// may miss an interval. The heads have two shapes.
    /// </summary>
    [Fact]
    public void Stages_boundaries_and_clusters_of_a_table_are_printed_and_stored()
    {
        string folder = _folder.File("stages");

        CommandRun run = CommandRun
            .Of("stages", _folder.File("llc.csv"), "--posterior-draws", "200", "--out", folder, "--json")
            .AssertDone();

        JsonNode json = JsonNode.Parse(run.Output)!;
        JsonNode full = json["curves"]!.AsArray().First(curve => (string)curve!["component"]! == "full")!;
        Assert.Equal(
            ["maximum", "minimum"],
            full["boundaries"]!.AsArray().Where(boundary => (bool)boundary!["divides"]!).Select(boundary => (string)boundary!["kind"]!)
        );
        double[] truth = [Math.PI / 2, 3 * Math.PI / 2];
        foreach ((JsonNode? boundary, double place) in full["boundaries"]!.AsArray().Zip(truth))
        {
            (double low, double high) = (LogStep(boundary!["low_step"]!), LogStep(boundary["high_step"]!));
            Assert.InRange(place, low - (0.5 * (high - low)), high + (0.5 * (high - low)));
        }

        Assert.Equal(["A", "B", "A"], full["stages"]!.AsArray().Select(stage => (string?)stage!["type"]));
        JsonNode clusters = Assert.Single(json["clusters"]!.AsArray())!;
        Assert.Equal([1, 1, 2, 2], clusters["heads"]!.AsArray().Select(head => (int)head!["cluster"]!));
        Assert.Null(json["dynamics"]);

        Assert.Equal(json.ToJsonString(), JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "stages.json")))!.ToJsonString());
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "stages.json")), RecordJson.ToText(StagesFiles.Read(folder)));
        string[] stages = File.ReadAllLines(Path.Combine(folder, "stages.csv"));
        Assert.Equal(
            "component,data,stage,from_step,to_step,delta_llc,delta_llc_se,delta_loss,delta_loss_se,type,type_probability",
            stages[0]
        );
        Assert.StartsWith("full,pile,1,0,", stages[1], StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(Path.Combine(folder, "clusters.csv")).Length);
        CommandRun.Of("stages", _folder.File("llc.csv"), "--out", folder).AssertRefused(1, "--overwrite");
    }

    [Fact]
    public void Selected_components_are_printed_as_tables_and_what_was_left_out_is_named()
    {
        File.WriteAllText(_folder.File("llc.csv"), Table() + "checkpoint-9,9,full,pile,,,all-chains-stopped,3,0.1\n");
        CommandRun run = CommandRun.Of("stages", _folder.File("llc.csv"), "--components", "full", "--posterior-draws", "200").AssertDone();
        Assert.Contains("Stages on pile", run.Output, StringComparison.Ordinal);

        // The stages of the test above, before any table; by four standard errors at least, so that none is taken for noise.
        Assert.Matches(
            @"^[^─]*λ̂\s+of\s+full\s+on\s+pile\s+rises\s+by[^─]*type\s+A[^─]*falls\s+by[^─]*type\s+B[^─]*rises\s+by",
            run.Output
        );
        Assert.DoesNotMatch(@"step \d+\.\d{2}", run.Output);
        Assert.Contains("maximum", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("may be noise", run.Output, StringComparison.Ordinal);
        Assert.Contains("full: checkpoints left out: step 9 (all-chains-stopped).", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("l0h1", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Clusters", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_component_stands_for_all_unless_all_are_asked_for()
    {
        string[] arguments = ["stages", _folder.File("llc.csv"), "--posterior-draws", "200"];
        string brief = CommandRun.Of(arguments).AssertDone().Output;
        Assert.Contains("the stages of 4 other components, with --verbose", brief, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\n  l0h1 +\d", brief);
        string whole = CommandRun.Of([.. arguments, "--verbose"]).AssertDone().Output;
        Assert.Matches(@"\n  l0h1 +\*? ?\d", whole);
        Assert.All(brief.Split('\n'), line => Assert.InRange(line.GetCellWidth(), 0, 100));
    }

    /// <summary>
    /// The table's clusters are {l0h0, l0h1} and {l1h0, l1h1}: a score of 1 and 0 lies wholly between them. Two of six arrangements do as
    /// well.
    /// </summary>
    [Fact]
    public void Clusters_are_compared_by_the_last_scores_of_their_heads()
    {
        Directory.CreateDirectory(_folder.File("scores"));
        string scores = _folder.File("scores/scores.csv");
        string[] arguments = ["stages", _folder.File("llc.csv"), "--posterior-draws", "200", "--scores", _folder.File("scores")];
        const string Header = "checkpoint,step,component,score,value,se\n";
        File.WriteAllText(
            scores,
            Header
                + "a,1,l0h0,prefix_matching,0.5,0.1\na,1,model,icl,1,\nb,2,model,icl,1,\nb,2,l0h0,incomplete,1,\n"
                + string.Concat(
                    new[] { "l0h0", "l0h1", "l1h0", "l1h1" }.Select(head => $"b,2,{head},prefix_matching,{(head[1] == '1' ? 1 : 0)},0.1\n")
                )
        );

        CommandRun run = CommandRun.Of([.. arguments, "--json"]).AssertDone();

        JsonNode group = Assert.Single(JsonNode.Parse(run.Output)!["cluster_scores"]!.AsArray())!;
        JsonNode score = Assert.Single(group["scores"]!.AsArray())!;
        Assert.Equal((2, "prefix_matching", 1), ((double)group["step"]!, (string)score["score"]!, (double)score["share"]!));
        Assert.Equal([0, 1], score["means"]!.AsArray().Select(mean => (double)mean!));
        Assert.Equal(1 / 3.0, (double)score["p"]!, 0.02);
        Assert.Contains("prefix_matching", CommandRun.Of(arguments).AssertDone().Output, StringComparison.Ordinal);

        File.WriteAllText(scores, Header + "b,2,model,icl,1,\n");
        CommandRun.Of(arguments).AssertRefused(1, "has no score of a head");
        File.WriteAllText(scores, Header + "b,2,l0h0,prefix_matching,1,\n");
        CommandRun.Of(arguments).AssertRefused(1, "the scores have no score of all of l0h0, l0h1, l1h0, l1h1");
        CommandRun.Of("stages", "--scores", _folder.File("scores")).AssertRefused(2, "need a table of curie llc");
    }

    /// <summary>
    /// Eight curves of noise alone, of which smoothing divides some: stages whose λ̂ changes within two errors are counted.
    /// </summary>
    [Fact]
    public void Stages_that_are_not_told_from_no_change_are_said_to_be_so()
    {
        PhiloxStream random = new(PhiloxKey.Derive(3, RandomPurpose.Scores, "noise"));
        IEnumerable<string> lines = Enumerable
            .Range(0, 8 * 40)
            .Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(0.2 * (i % 40)) - 1:R},c{i / 40},{5 + random.NextGaussian():R},1\n")
            );
        File.WriteAllText(_folder.File("noise.csv"), "step,component,value,se\n" + string.Concat(lines));
        string[] arguments = ["stages", _folder.File("noise.csv"), "--posterior-draws", "200"];

        string text = CommandRun.Of([.. arguments, "--verbose"]).AssertDone().Output;
        Assert.Contains("*: λ̂ changes by no more than two standard errors", text, StringComparison.Ordinal);

        int divided = 0;
        foreach (JsonNode? curve in JsonNode.Parse(CommandRun.Of([.. arguments, "--json"]).AssertDone().Output)!["curves"]!.AsArray())
        {
            JsonArray stages = curve!["stages"]!.AsArray();
            int within = stages.Count(stage => Math.Abs((double)stage!["delta_llc"]!) <= 2 * (double)stage["delta_llc_se"]!);
            Assert.Equal(within, Regex.Count(text, $@"\n  {curve["component"]} +\* \d"));
            divided += within;
        }

        Assert.True(divided > 0);
    }

    /// <summary>Errors that all checkpoints share do not enter the smoothing: with them or without, stages are the same numbers.</summary>
    [Fact]
    public void Sampling_errors_are_smoothed_over_and_total_errors_are_kept()
    {
        string[] lines = Table().TrimEnd().Split('\n');
        string shared = string.Join(
            '\n',
            lines.Select(
                (line, i) => i == 0 ? $"{line},sampling_se" : $"{line.Replace(",0.3,ok,", ",4,ok,", StringComparison.Ordinal)},0.3"
            )
        );
        File.WriteAllText(_folder.File("shared.csv"), shared);

        JsonNode[] curves =
        [
            .. new[] { "llc.csv", "shared.csv" }.Select(table =>
                JsonNode.Parse(
                    CommandRun
                        .Of("stages", _folder.File(table), "--components", "full", "--posterior-draws", "200", "--json")
                        .AssertDone()
                        .Output
                )!["curves"]![0]!
            ),
        ];

        Assert.Equal(curves[0]["stages"]!.ToJsonString(), curves[1]["stages"]!.ToJsonString());
        Assert.Equal((4, 0.3), ((double)curves[1]["measured"]!["se"]![0]!, (double)curves[1]["measured"]!["sampling_se"]![0]!));
        Assert.Equal(0.3, (double)curves[0]["measured"]!["se"]![0]!);
    }

    [Fact]
    public void A_trained_models_trajectory_is_followed()
    {
        using TokenRows rows = RepeatedBlocks.Rows(count: 6, contextLength: 9, vocabularySize: 20, bosId: 0, seed: 1);
        rows.Save(_folder.File("rows.npy"));
        File.WriteAllText(
            _folder.File("train.yaml"),
            """
            model: {n_layers: 1, d_model: 16, n_heads: 2, d_head: 8, n_ctx: 9, d_vocab: 20, attn_only: true}
            data: rows.npy
            out: run
            steps: 24
            batch_size: 4
            checkpoints: {log: 2, linear: 12}
            """
        );
        CommandRun.Of("train", "--config", _folder.File("train.yaml")).AssertDone();
        string[] arguments =
        [
            "stages",
            "--checkpoints",
            _folder.File("run"),
            "--data",
            _folder.File("rows.npy"),
            "--outputs",
            "30",
            "--json",
        ];

        JsonNode dynamics = JsonNode.Parse(CommandRun.Of([.. arguments, "--out", _folder.File("out")]).AssertDone().Output)!["dynamics"]!;

        double[] steps = [.. dynamics["step"]!.AsArray().Select(step => (double)step!)];
        Assert.Equal(0, steps[0]);
        Assert.Equal(24, steps[^1]);
        Assert.Equal(steps.Order(), steps);
        Assert.Equal(3, dynamics["scores"]!.AsArray().Count);
        Assert.Equal(["pc1-pc2", "pc1-pc3", "pc2-pc3"], dynamics["planes"]!.AsArray().Select(plane => (string)plane!["plane"]!));
        Assert.Equal(steps.Length, dynamics["planes"]![0]!["circles"]!["radius"]!.AsArray().Count);

        // Training moves the logits one way more than any other: chance would share the variance out evenly.
        Assert.InRange((double)dynamics["explained_variance"]![0]!, 0.4, 1);
        Assert.Equal(steps.Length + 1, File.ReadAllLines(Path.Combine(_folder.File("out"), "trajectory.csv")).Length);
        Assert.Equal(
            dynamics.ToJsonString(),
            JsonNode.Parse(CommandRun.Of([.. arguments, "--threads", "3"]).AssertDone().Output)!["dynamics"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("step,component\n1,full\n", "no column value")]
    [InlineData("step,component,value\n", "no measurements")]
    [InlineData("step,component,value\n1,full,2\n2,full,3\n", "at least 8")]
    [InlineData("step,component,value\n1,full,NaN\n", "line 2: value is 'NaN'")]
    [InlineData("step,component,value\n1,full,\n", "line 2: there is no value")]
    [InlineData("step,component,value\n,full,3\n", "line 2: there is no step")]
    [InlineData(
        "step,component,value\n1,full,1\n2,full,1\n3,full,1\n4,full,1\n5,full,1\n6,full,1\n7,full,1\n7,full,1\n",
        "not above the one before"
    )]
    [InlineData("step,component,value,se\n1,full,1,1\n2,full,1,\n", "standard errors at some checkpoints only")]
    public void Bad_tables_are_refused(string table, string message)
    {
        File.WriteAllText(_folder.File("bad.csv"), table);
        CommandRun.Of("stages", _folder.File("bad.csv")).AssertRefused(1, message);
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        string table = _folder.File("llc.csv");
        CommandRun.Of("stages").AssertRefused(2, "Nothing to look at");
        CommandRun.Of("stages", table, "--checkpoints", "run").AssertRefused(2, "belong together");
        CommandRun.Of("stages", table, "--components", "l7h0").AssertRefused(1, "no component l7h0; it has full, l0h0");
        CommandRun.Of("stages", table, "--clusters", "many").AssertRefused(1, "--clusters is 'many'");
        CommandRun.Of("stages", table, "--clusters", "5", "--posterior-draws", "100").AssertRefused(1, "more than the 4 heads");
        CommandRun.Of("stages", table, "--posterior-draws", "3").AssertRefused(1, "100 or more");
        CommandRun.Of("stages", table, "--cluster-method", "guess").AssertRefused(2, "guess");
        CommandRun.Of("stages", "nowhere.csv").AssertRefused(1, "nowhere.csv does not exist");
    }

    private static double LogStep(JsonNode step) => Math.Log((double)step + 1);

    private static string Table()
    {
        PhiloxStream random = new(PhiloxKey.Derive(11, RandomPurpose.Scores, "table"));
        StringBuilder csv = new("checkpoint,step,component,data,value,se,health,loss,loss_se\n");
        (string Component, Func<double, double> Value)[] curves =
        [
            ("full", x => 10 * Math.Sin(x)),
            ("l0h0", x => x),
            ("l0h1", x => 2 * x),
            ("l1h0", x => 10 - (x * x)),
            ("l1h1", x => 9 - (x * x / 2)),
        ];
        for (int i = 0; i < Checkpoints; i++)
        {
            double x = 2 * Math.PI * i / (Checkpoints - 1);
            string step = (Math.Exp(x) - 1).ToString("R", CultureInfo.InvariantCulture);
            foreach ((string component, Func<double, double> value) in curves)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"checkpoint-{i},{step},{component},pile,{value(x) + (0.3 * random.NextGaussian()):R},0.3,ok,{8 - x:R},0.1\n"
                );
            }
        }

        return csv.ToString();
    }
}

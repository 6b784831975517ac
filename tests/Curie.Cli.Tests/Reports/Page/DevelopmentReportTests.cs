using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Numerics;
using Curie.Page;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Tests;

namespace Curie.Cli.Tests.Reports.Page;

/// <summary>What <c>curie report</c> takes besides a run: stages, scores, and runs of several checkpoints.</summary>
public sealed class DevelopmentReportTests : IDisposable
{
    private static readonly int[] Steps = [0, 1, 2, 4, 8, 16, 32, 64, 128];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_to_show_and_scores_of_no_training_are_one_sentence()
    {
        CommandRun.Of("report", "--out", "page.html").AssertRefused(2, "Nothing to show: give a run folder");
        CommandRun.Of("report", "--scores", "scores", "--out", "page.html").AssertRefused(2, "Nothing to show: give a run folder");
        string run = Run("run", "checkpoint-5", factor: 1);
        CommandRun
            .Of("report", run, "--scores", "scores", "--out", _folder.File("page.html"))
            .AssertRefused(1, "--scores are shown over training; name with --stages the folder");
    }

    [Fact]
    public void A_development_needs_no_run()
    {
        Stages();

        JsonNode page = JsonNode.Parse(PagePayload.Of([], model: null, _folder.File("stages"), scores: null).ToJson())!;

        Assert.Null(page["response"]);
        Assert.Null(page["replay"]);
        Assert.Equal("stages", (string)page["name"]!);
        JsonNode curve = page["development"]!["curves"]![0]!;
        Assert.Equal(Steps.Select(step => (long)step), curve["measured"]!["step"]!.AsArray().Select(step => (long)step!));
        Assert.Equal(curve["smooth"]!["log_step"]!.AsArray().Count, curve["smooth"]!["value_sd"]!.AsArray().Count);
        Assert.Null(page["development"]!["dynamics"]);
        Assert.Null(page["development"]!["scores"]);
    }

    [Fact]
    public void A_folder_without_stages_and_a_damaged_file_are_named()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        Refused("stages.json does not exist; name with `stages`", _folder.File("empty"));
        Stages();
        string path = Path.Combine(_folder.File("stages"), "stages.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        json["curves"]![0]!["smooth"]!["value_sd"] = new JsonArray(1, 2);
        File.WriteAllText(path, json.ToJsonString());
        Refused("is damaged at curves[0].smooth.value_sd; run curie stages again", _folder.File("stages"));
        File.WriteAllText(path, """{"format": "curie-stages", "format_version": 1,""" + "\n\"curves\": 7}");
        Refused("is damaged at line 2; run curie stages again", _folder.File("stages"));
        File.WriteAllText(path, """{"format": "curie-stages", "format_version": 2}""");
        Refused("was written by a later version of Curie", _folder.File("stages"));
        File.WriteAllText(path, "{}");
        Refused("not a file of curie stages", _folder.File("stages"));
    }

    [Fact]
    public void Scores_in_long_format_and_in_columns_become_the_same_lines()
    {
        Stages();
        Directory.CreateDirectory(_folder.File("long"));
        Directory.CreateDirectory(_folder.File("wide"));
        File.WriteAllText(
            Path.Combine(_folder.File("long"), "scores.csv"),
            "checkpoint,step,component,score,value,se\nc-5,5,full,loss,3,0.5\nc-5,5,l0h1,entropy,0.25,\nc-1,1,full,loss,4,0.5\nc-1,1,l0h1,entropy,,\n"
        );
        File.WriteAllText(Path.Combine(_folder.File("wide"), "evaluation.csv"), "step,loss,loss_se,l0h1_entropy\n1,4,0.5,\n5,3,0.5,0.25\n");

        JsonNode[] scores =
        [
            .. ((string[])["long", "wide"]).Select(name =>
                JsonNode.Parse(PagePayload.Of([], null, _folder.File("stages"), _folder.File(name)).ToJson())!["development"]!["scores"]![
                    "list"
                ]!
            ),
        ];

        Assert.Equal(
            """[{"score":"loss","lines":[{"component":"full","step":[1,5],"value":[4,3],"se":[0.5,0.5]}]},{"score":"entropy","lines":[{"component":"l0h1","step":[1,5],"value":[null,0.25],"se":null}]}]""",
            scores[0].ToJsonString()
        );
        Assert.Equal(scores[0].ToJsonString(), scores[1].ToJsonString());
        InputException error = Assert.Throws<InputException>(() =>
            PagePayload.Of([], null, _folder.File("stages"), _folder.File("stages"))
        );
        Assert.Contains("holds neither scores.csv nor evaluation.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_several_checkpoints_are_ordered_by_step_and_the_last_is_shown()
    {
        string late = Run("late", "checkpoint-900", factor: 1);
        string early = Run("early", "checkpoint-5", factor: 2);

        JsonNode page = JsonNode.Parse(PagePayload.Of([late, early], model: null, stages: null, scores: null).ToJson())!;

        Assert.Equal("late", (string)page["name"]!);
        JsonNode replay = page["replay"]!;
        Assert.Equal(["early", "late"], replay["checkpoints"]!.AsArray().Select(checkpoint => (string)checkpoint!["run"]!));
        Assert.Equal([5L, 900L], replay["checkpoints"]!.AsArray().Select(checkpoint => (long)checkpoint!["step"]!));
        Assert.Equal(ResponsePart.All.Count, replay["parts"]!.AsArray().Count);
        string[] arrays = [.. page["arrays"]!.AsArray().Select(array => (string)array!["name"]!)];
        Assert.Contains("replay_0_chi", arrays);
        Assert.Contains("replay_0_init_loss", arrays);
        Assert.DoesNotContain("replay_1_chi", arrays);
    }

    [Fact]
    public void A_folder_of_runs_named_after_their_checkpoints_stands_for_them_and_is_the_title()
    {
        Directory.CreateDirectory(_folder.File("chi"));
        Run("chi/checkpoint-20", "checkpoint-20", factor: 1);
        Run("chi/checkpoint-3", "checkpoint-3", factor: 1);

        JsonNode page = JsonNode.Parse(PagePayload.Of([_folder.File("chi")], model: null, stages: null, scores: null).ToJson())!;

        Assert.Equal("chi", (string)page["name"]!);
        Assert.Equal([3L, 20L], page["replay"]!["checkpoints"]!.AsArray().Select(checkpoint => (long)checkpoint!["step"]!));
    }

    [Fact]
    public void Without_steps_in_the_models_names_the_order_given_counts()
    {
        JsonNode page = JsonNode.Parse(
            PagePayload.Of([Run("b", "second", 1), Run("a", "first", 1)], model: null, stages: null, scores: null).ToJson()
        )!;

        Assert.Equal(["b", "a"], page["replay"]!["checkpoints"]!.AsArray().Select(checkpoint => (string)checkpoint!["run"]!));
        Assert.All(page["replay"]!["checkpoints"]!.AsArray(), checkpoint => Assert.Null(checkpoint!["step"]));
        Assert.Null(page["development"]);
        Assert.Contains(
            "over training is not shown, because the step of b is not known",
            page["replay"]!["notes"]!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_response_is_followed_over_the_steps_of_the_runs()
    {
        string early = Run("early", "checkpoint-5", factor: 2);
        string late = Run("late", "checkpoint-900", factor: -1);

        JsonNode development = Page(late, early)["development"]!;

        JsonNode course = development["course"]!;
        Assert.Empty(development["curves"]!.AsArray());
        Assert.Equal([5L, 900L], course["step"]!.AsArray().Select(step => (long)step!));
        Assert.Equal(["excess", "covariance", "chi"], course["parts"]!.AsArray().Select(part => (string)part!["name"]!));
        JsonNode chi = course["parts"]![2]!;

        // The means are 3 and −1.5 ± .25; their degrees of freedom are not told, so that the interval is a normal one, 1.959964 errors.
        JsonNode mean = chi["probes"]![0]!["lines"]![0]!;
        Assert.Equal([3.0, -1.5], Numbers(mean["value"]!));
        Assert.Equal([3 - 0.4899910, -1.5 - 0.4899910], Numbers(mean["low"]!).Select(low => Math.Round(low, 6)), Near);

        // Component 0 alone varies: its loading is 1 in both, whatever the sign of its values.
        JsonNode mode = chi["groups"]!.AsArray().Last()!["modes"]![0]!;
        Assert.Equal([1.0, 1.0], Numbers(mode["lines"]![0]!["value"]!));
        Assert.Equal([0.0, 0.0], Numbers(mode["lines"]![1]!["value"]!));
        Assert.Equal([1.0, 1.0], Numbers(mode["same"]!));
        Assert.Equal([1.0, 1.0], Numbers(mode["share"]!["value"]!));
        Assert.Equal([null, null], mode["share"]!["low"]!.AsArray().Select(low => (double?)low));
        Assert.Contains("without intervals at step 5, step 900", course["notes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_stand_beside_runs_of_several_checkpoints_without_stages()
    {
        string[] runs = [Run("early", "checkpoint-5", factor: 2), Run("late", "checkpoint-900", factor: 1)];
        Directory.CreateDirectory(_folder.File("scores"));
        File.WriteAllText(
            Path.Combine(_folder.File("scores"), "scores.csv"),
            "checkpoint,step,component,score,value,se\nc-5,5,l0h1,prefix_matching,0.25,0.1\n"
        );

        JsonNode page = JsonNode.Parse(PagePayload.Of(runs, scores: _folder.File("scores")).ToJson())!;

        Assert.Equal("prefix_matching", (string)page["development"]!["scores"]!["list"]![0]!["score"]!);
        InputException error = Assert.Throws<InputException>(() => PagePayload.Of([runs[0]], scores: _folder.File("scores")));
        Assert.Contains("`scores` are shown over training", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_do_not_belong_together_are_named()
    {
        string one = Run("one", "checkpoint-1", factor: 1);
        string five = Run("five", "checkpoint-5", factor: 1);
        RefusedRuns("one and ", "two have different components", one, Run("two", "checkpoint-2", 1, component: "l9h9"), five);
        RefusedRuns("three and ", "five have different tokens", one, Run("three", "checkpoint-3", 1, firstId: 7), five);
        RefusedRuns("one and ", "again are both runs of step 1", one, Run("again", "checkpoint-1", 1), five);
    }

    /// <summary>Of other components, tokens or seeds, in the order in which they are given; the second is the one that is shown.</summary>
    [Fact]
    public void Two_runs_stand_side_by_side_whether_or_not_they_can_be_replayed()
    {
        string one = Run("one", "checkpoint-1", factor: 1);
        JsonNode replayed = Page(one, Run("two", "checkpoint-2", factor: 3));
        Assert.NotNull(replayed["replay"]);
        JsonNode comparison = replayed["comparison"]!;
        Assert.Equal(("step 1", "step 2"), ((string)comparison["first"]!, (string)comparison["second"]!));
        Assert.Equal(ResponsePart.All.Select(part => part.Name), comparison["parts"]!.AsObject().Select(part => part.Key));
        JsonArray responses = comparison["parts"]!["chi"]!["responses"]!.AsArray();
        Assert.Equal(["l0h0", "l0h1"], responses.Select(one => (string)one!["component"]!));

        JsonNode seeds = Page(one, Run("again", "checkpoint-1", factor: 3));
        Assert.Null(seeds["replay"]);
        Assert.Equal(("one", "again"), ((string)seeds["comparison"]!["first"]!, (string)seeds["comparison"]!["second"]!));
        Assert.Equal("again", (string)seeds["response"]!["run"]!);

        JsonNode others = Page(one, Run("other", "checkpoint-3", 1, component: "l9h9"));
        Assert.Equal(["l0h0"], others["comparison"]!["parts"]!["chi"]!["responses"]!.AsArray().Select(one => (string)one!["component"]!));

        JsonNode tokens = Page(one, Run("tokens", "checkpoint-4", 1, firstId: 7));
        Assert.Null(tokens["replay"]);
        Assert.Empty(tokens["comparison"]!["parts"]!["chi"]!["correlations"]!.AsObject());
        Assert.Null(Page(one)["comparison"]);
    }

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(number => (double)number!)];

    /// <summary>Seven digits stand on the page.</summary>
    private static bool Near(double one, double other) => Math.Abs(one - other) < 2e-6;

    private static JsonNode Page(params string[] runs) => JsonNode.Parse(PagePayload.Of(runs, null, null, null).ToJson())!;

    private static void Refused(string sentence, string stages)
    {
        InputException error = Assert.Throws<InputException>(() => PagePayload.Of([], null, stages, null));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    private static void RefusedRuns(string first, string second, params string[] runs)
    {
        InputException error = Assert.Throws<InputException>(() => PagePayload.Of(runs, null, null, null));
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
    }

    private void Stages()
    {
        StringBuilder csv = new("step,component,value,se\n");
        foreach (int step in Steps)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{step},full,{Math.Log(step + 1):R},0.1\n");
        }

        File.WriteAllText(_folder.File("llc.csv"), csv.ToString());
        CommandRun.Of("stages", _folder.File("llc.csv"), "--posterior-draws", "100", "--out", _folder.File("stages")).AssertDone();
    }

    /// <summary>Two components, one probe of four tokens.</summary>
    private string Run(string name, string model, double factor, string component = "l0h1", int firstId = 0)
    {
        RunManifest manifest = new()
        {
            Versions = new Dictionary<string, string>(),
            Seeds = new Dictionary<string, long> { ["sampling"] = 1 },
            Configuration = JsonSerializer.SerializeToElement(new { model = _folder.File(model) }),
            Components = ["l0h0", component],
            ProbeNames = ["pile"],
            Shape = new RunShape(Components: 2, Probes: 1, Tokens: 4, Chains: 1, Draws: 2),
        };
        SusceptibilityData data = new(manifest.Shape);
        for (int i = 0; i < data.Tokens.Count; i++)
        {
            data.Tokens.Position[i] = i;
            data.Tokens.Id[i] = firstId + i;
            data.Response.Values(ResponsePart.Susceptibility)[i] = (float)(factor * i);
        }

        data.Dataset.Values(ResponsePart.Susceptibility)[0] = 1.5 * factor;
        data.Dataset.StandardErrors(ResponsePart.Susceptibility)[0] = 0.25;
        RunFolder.Write(_folder.File(name), manifest, data);
        return _folder.File(name);
    }
}

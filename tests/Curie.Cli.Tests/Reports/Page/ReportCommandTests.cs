using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Cli.Tests.Commands;
using Curie.Page;
using Curie.Page.Data;
using Curie.Response.Estimators;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Cli.Tests.Reports.Page;

public sealed class ReportCommandTests
{
    // What must hold of every page, the demo's above all.
    private const int MostBytes = 15_000_000;

    [Fact]
    public void A_page_is_written_whole_and_not_over_another_or_is_refused_in_one_sentence()
    {
        using KnownRun known = new();
        string page = known.File("report.html");

        CommandRun run = CommandRun.Of("report", known.Run, "--out", page);

        if (!ReportPage.IsAvailable)
        {
            run.AssertRefused(1, "install Node.js with npm and build Curie again.");
            Assert.False(File.Exists(page));
            return;
        }

        Assert.Contains($"{page}: 1 MB; open it in a browser.", run.AssertDone().Output, StringComparison.Ordinal);
        string html = File.ReadAllText(page);
        Assert.EndsWith("</html>", html.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("__CURIE_", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"/", html, StringComparison.Ordinal);
        CommandRun.Of("report", known.Run, "--out", page).AssertRefused(1, "give --overwrite to replace it");
        CommandRun.Of("report", known.Run, "--out", page, "--overwrite").AssertDone();
    }

    [Fact]
    public void A_run_that_is_not_complete_is_refused()
    {
        using KnownRun known = new(complete: false);

        CommandRun run = CommandRun.Of("report", known.Run, "--out", known.File("report.html"));

        run.AssertRefused(1, ReportPage.IsAvailable ? "is not complete" : "Node.js");
    }

    [Fact]
    public void The_payload_holds_text_modes_and_what_is_missing_in_words()
    {
        using KnownRun known = new();
        SusceptibilityRun run = RunFolder.Read(known.Run);
        using ProbeText text = ProbeText.Open(run, model: null);

        PageResponse payload = new(known.Run, run, text, new PageArrays(), run.Manifest.Shape.Tokens);

        Assert.Equal((KnownRun.Letters + KnownRun.Signs).Distinct().Order().Select(c => c.ToString()), payload.Data.Vocabulary.Texts);

        // The first mode of layer 0 is (0.6, 0.8) with 80 % of the variance; float32 values give it to some 1e-7.
        ModeGroupData group = payload.Data.Modes["chi"][0];
        Assert.Equal(0.8, group.Explained[0], 1e-5);
        Assert.Equal(0.8, group.Loadings[0][1], 1e-5);
        string caveats = string.Join(' ', payload.Data.Caveats);
        Assert.Contains("Modes stand without intervals", caveats, StringComparison.Ordinal);
        Assert.Contains("keeps no batch means", caveats, StringComparison.Ordinal);
    }

    [Fact]
    public void Reproducibility_of_other_estimates_is_named_and_not_shown()
    {
        using KnownRun known = new();
        File.WriteAllText(
            Path.Combine(known.Run, ReproducibilityFile.Name("chi")),
            """{"groups": [{"group": "l0", "modes": [{"explained_variance": {"value": 0.5}}]}, {"group": "l1", "modes": []}, {"group": "heads", "modes": []}]}"""
        );
        SusceptibilityRun run = RunFolder.Read(known.Run);
        using ProbeText text = ProbeText.Open(run, model: null);

        PageResponse payload = new(known.Run, run, text, new PageArrays(), run.Manifest.Shape.Tokens);

        Assert.Empty(payload.Data.Reproducibility);
        Assert.Contains(
            "reproducibility-chi.json is damaged or does not belong",
            string.Join(' ', payload.Data.Caveats),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_structure_and_scores_kept_is_on_the_page_until_it_belongs_to_other_estimates()
    {
        using ExperimentFolder experiment = new("3-attention-shortformer");
        string folder = experiment.PathOf("run");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", folder).AssertDone();
        CommandRun.Of("structure", folder, "--verbose").AssertDone();
        CommandRun.Of("scores", folder, "--samples", "20").AssertDone();

        JsonNode payload = JsonNode.Parse(PagePayload.Of([folder], model: null, stages: null, scores: null).ToJson())!;
        JsonNode page = payload["response"]!;

        JsonNode analysis = page["analysis"]!;
        Assert.NotEmpty(analysis["attribution"]!.AsArray());
        Assert.Empty(analysis["pattern_expression"]!.AsArray()); // the model has no tokenizer
        Assert.NotEmpty(analysis["standardized_response"]!.AsArray());
        Assert.NotEmpty(analysis["survey"]!.AsArray());
        string[] arrays = [.. payload["arrays"]!.AsArray().Select(array => array!["name"]!.GetValue<string>())];
        Assert.Equal(analysis["map"]!.GetValue<bool>(), arrays.Contains("map_x"));
        JsonArray effects = page["effects"]!.AsArray();
        Assert.Contains(effects, effect => effect!["measure"]!.GetValue<string>().Contains("ablation", StringComparison.Ordinal));
        Assert.All(effects, effect => Assert.Equal(page["components"]!.AsArray().Count, effect!["values"]!.AsArray().Count));
        Assert.DoesNotContain("not shown", page["caveats"]!.ToJsonString(), StringComparison.Ordinal);

        AssertReadsBack(folder, AnalysisRecord.FileName, AnalysisRecord.Read(folder));
        AssertReadsBack(folder, HeadScoresRecord.FileName, HeadScoresRecord.Read(folder));
        AssertReadsBack(folder, ReproducibilityFile.Name("chi"), ReproducibilityFile.Read(folder, "chi"));

        string stored = Path.Combine(folder, AnalysisRecord.FileName);
        JsonNode other = JsonNode.Parse(File.ReadAllText(stored))!;
        other["survey"]![0]!["views"]![0]!["modes"]![0]!["explained_variance"] = 0.123;
        File.WriteAllText(stored, other.ToJsonString());
        page = Payload(folder);
        Assert.Null(page["analysis"]);
        Assert.Contains(
            "analysis.json is damaged or does not belong to these estimates",
            page["caveats"]!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_large_run_is_thinned_until_it_fits_and_the_page_says_so()
    {
        SusceptibilityRun run = Large(components: 30, tokens: 60_000);
        using ProbeText text = ProbeText.Open(run, model: null);

        PageBudget budget = PageBudget.Of(run.Manifest, earlier: 0, PageBudget.AloneBytes);
        PageArrays arrays = new();

        PageResponse payload = new("large", run, text, arrays, budget.Tokens);

        int size = PageJson.ToText(payload.Data).Length + arrays.ToBase64().Length;
        int kept = payload.Data.Shape.Kept;
        Assert.InRange(size, MostBytes / 2, MostBytes - 1_000_000);
        Assert.InRange(kept, budget.Tokens - Passage.Length, budget.Tokens);
        string caveats = string.Join(' ', payload.Data.Caveats);
        Assert.Contains($"The page holds {kept} of the run's 60000 tokens", caveats, StringComparison.Ordinal);
        Assert.Contains("Traces show every 5th draw", caveats, StringComparison.Ordinal);
    }

    private static JsonNode Payload(string folder) =>
        JsonNode.Parse(PagePayload.Of([folder], model: null, stages: null, scores: null).ToJson())!["response"]!;

    /// <summary>What was read says all that the file says, or writing it again would give other bytes.</summary>
    private static void AssertReadsBack<T>(string folder, string name, T read)
        where T : class => Assert.Equal(File.ReadAllText(Path.Combine(folder, name)), RecordJson.ToText(read));

    private static SusceptibilityRun Large(int components, int tokens)
    {
        RunManifest manifest = new()
        {
            Versions = new Dictionary<string, string>(),
            Seeds = new Dictionary<string, long> { ["sampling"] = 1 },
            Configuration = JsonSerializer.SerializeToElement(new { }),
            Components = [.. Enumerable.Range(0, components).Select(head => $"l0h{head}")],
            ProbeNames = ["one", "two"],
            Shape = new RunShape(components, 2, tokens, Chains: 10, Draws: 4000),
        };
        SusceptibilityData data = new(manifest.Shape);

        // Random values do not deflate, so this is the largest that a page of so many tokens becomes.
        Random random = new(1);
        for (int i = 0; i < tokens; i++)
        {
            data.Tokens.Probe[i] = 2 * i / tokens;
            data.Tokens.Row[i] = i / 100;
            data.Tokens.Position[i] = i % 100;
            data.Tokens.Id[i] = random.Next(50_000);
            data.Tokens.InitLoss[i] = random.NextSingle();
        }

        foreach (
            float[] values in ResponsePart.All.SelectMany(part => new[] { data.Response.Values(part), data.Response.StandardErrors(part) })
        )
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = random.NextSingle() - 0.5f;
            }
        }

        return new SusceptibilityRun(manifest, data);
    }
}

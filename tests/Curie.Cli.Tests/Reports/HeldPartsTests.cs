using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Curie.Page;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Tests;

namespace Curie.Cli.Tests.Reports;

/// <summary>Runs that hold some parts alone, and runs of a version that did not store the excess.</summary>
public sealed partial class HeldPartsTests : IDisposable
{
    private readonly KnownRun _known = new(parts: [ResponsePart.Shift, ResponsePart.Excess]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _known.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_without_chi_shows_its_excess_and_says_what_is_left_out()
    {
        string text = Unwrapped(CommandRun.Of("structure", _known.Run, "--verbose").AssertDone().Output);
        Assert.Contains("Response matrix: excess of every component", text, StringComparison.Ordinal);
        Assert.Contains("in 10⁻³ nats;", text, StringComparison.Ordinal);
        Assert.Contains("Modes of excess, heads of layer 0: 2 components × 16 tokens", text, StringComparison.Ordinal);
        Assert.Contains("Agreement of halves of the 4 pairs of chains that all of them have (4 batches)", text, StringComparison.Ordinal);
        Assert.Contains(
            "The run holds shift and excess alone: where χ's variance and its modes come from is left out",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Which part of χ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("covariance:", text, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(
            CommandRun.Of("structure", _known.Run, "--json", "--csv", _folder.File("tables")).AssertDone().Output
        );
        Assert.Equal("excess", json.RootElement.GetProperty("part").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("covariance").ValueKind);
        JsonElement group = json.RootElement.GetProperty("reproducibility").GetProperty("groups")[0];
        Assert.Equal((8, 2), (group.GetProperty("chains").GetInt32(), group.GetProperty("chains_per_unit").GetInt32()));
        Assert.Equal(
            "excess",
            json.RootElement.GetProperty("analysis").GetProperty("survey")[0].GetProperty("views")[0].GetProperty("view").GetString()
        );
        Assert.Equal(
            1 + (2 * KnownRun.Components.Length * 2),
            File.ReadAllLines(Path.Combine(_folder.File("tables"), "response.csv")).Length
        );
    }

    [Fact]
    public void What_needs_other_parts_is_refused_in_a_sentence()
    {
        CommandRun.Of("structure", _known.Run, "--part", "chi").AssertRefused(1, "the run holds no chi, only shift and excess");
        CommandRun.Of("structure", _known.Run, "--without-f").AssertRefused(1, "leave --without-f out");
        using KnownRun whole = new();
        CommandRun.Of("structure", whole.Run, "--against", _known.Run).AssertRefused(1, "the run holds no chi");
    }

    [Fact]
    public void Its_page_starts_with_the_excess_and_holds_no_other_part()
    {
        CommandRun.Of("structure", _known.Run, "--verbose").AssertDone();
        PagePayload payload = PagePayload.Of([_known.Run], model: null, stages: null, scores: null);
        JsonNode response = JsonNode.Parse(payload.ToJson())!["response"]!;
        Assert.Equal("excess", response["mainPart"]!.GetValue<string>());
        Assert.Equal(
            [("shift", "R", "nats"), ("excess", "S", "nats")],
            response["parts"]!.AsArray().Select(part => (Text(part, "name"), Text(part, "symbol"), Text(part, "unit")))
        );
        Assert.All(response["parts"]!.AsArray(), part => Assert.True(Text(part, "title") != "" && Text(part, "meaning") != ""));
        Assert.Equal(["shift", "excess"], response["modes"]!.AsObject().Select(part => part.Key));
        Assert.Equal(2, response["shape"]!["chainsPerUnit"]!.GetValue<int>());
        Assert.Null(response["covariance"]);
        Assert.NotNull(response["analysis"]);
        Assert.NotNull(response["reproducibility"]!["excess"]);
        string caveats = response["caveats"]!.ToJsonString();
        Assert.Contains("alone: where", caveats, StringComparison.Ordinal);
        Assert.DoesNotContain("Sizes of", caveats, StringComparison.Ordinal);
        if (ReportPage.IsAvailable)
        {
            CommandRun.Of("report", _known.Run, "--out", _folder.File("page.html")).AssertDone();
        }

        using KnownRun whole = new();
        CommandRun
            .Of("report", _known.Run, whole.Run, whole.Run, "--out", _folder.File("two.html"))
            .AssertRefused(1, ReportPage.IsAvailable ? "have different" : "Node.js");
    }

    [Fact]
    public void A_run_of_a_version_without_the_excess_is_analysed_on_it()
    {
        string run = _folder.File("run");
        Directory.CreateDirectory(run);
        string source = ReferenceFiles.Run("without-excess");
        Array.ForEach(Directory.GetFiles(source), file => File.Copy(file, Path.Combine(run, Path.GetFileName(file))));
        Assert.Contains(
            "covariance: product of fluctuations.",
            Unwrapped(CommandRun.Of("structure", run, "--verbose").AssertDone().Output),
            StringComparison.Ordinal
        );
        JsonNode json = JsonNode.Parse(
            CommandRun.Of("structure", run, "--part", "excess", "--against", run, "--mixture", run, "--json").AssertDone().Output
        )!;
        Assert.Equal("product of fluctuations", json["covariance"]!.GetValue<string>());
        Assert.Equal(
            ResponsePart.All.Select(part => part.Name),
            json["response"]!.AsArray().Select(cell => cell!["part"]!.GetValue<string>()).Distinct()
        );

        // A run beside itself: every head is its own counterpart, and the slope over components is 1.
        Assert.All(json["analysis"]!["matching"]![0]!["heads"]!.AsArray(), head =>
            Assert.Equal(head!["component"]!.GetValue<string>(), head["partner"]!.GetValue<string>())
        );
        Assert.All(json["analysis"]!["mixture"]!.AsArray(), route => Assert.Equal(1, route!["slope"]!.GetValue<double>(), 1e-9));
        Assert.True(File.Exists(Path.Combine(run, "reproducibility-excess.json")));
    }

    [Fact]
    public void Chains_are_counted_as_what_they_form()
    {
        Assert.Equal(
            ["1 chain", "3 chains", "1 pair of chains", "3 pairs of chains"],
            new[] { (1, 1), (3, 1), (2, 2), (6, 2) }.Select(count => RunWords.Chains(count.Item1, count.Item2))
        );
    }

    [Fact]
    public void How_chains_were_coupled_is_said_in_sentences()
    {
        RunManifest manifest = RunFolder.ReadManifest(_known.Run);
        Assert.Empty(RunWords.Coupling(manifest));
        CouplingRecord coupling = new(
            Antithetic: true,
            ObservableRows: 4,
            GaussianPairs: 16,
            BurnIn: 20,
            BurnInAsked: 5,
            FullDraws: 4,
            ["burn_in is 20 in place of 5."]
        );
        Assert.Equal(
            [
                "Every component has 4 pairs of chains of opposite noise, each of 1 draw (4 of full) after 20 updates of burn-in; K = 4 "
                    + "loss rows perturb the shadows at an update; 16 pairs of draws that never feel the loss.",
                "burn_in is 20 in place of 5.",
            ],
            RunWords.Coupling(manifest with { Coupling = coupling })
        );
        Assert.Equal(
            ["Every component has 4 pairs of chains, each of 1 draw after 1 update of burn-in."],
            RunWords.Coupling(manifest with { Coupling = new CouplingRecord(Antithetic: false, 0, 0, 1, null, FullDraws: 1, []) })
        );
    }

    private static string Unwrapped(string page) => Whitespace.Replace(page, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace { get; }

    private static string Text(JsonNode? part, string key) => part![key]!.GetValue<string>();
}

using System.Text.Json.Nodes;
using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;

namespace Curie.Page.Tests;

/// <summary>The mode beside the conclusion is the one that the conclusion speaks of.</summary>
public sealed class LeadingModeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_is_the_mode_that_the_conclusion_names(int mode)
    {
        using SizedRun sized = new(8, 1, 3);
        SusceptibilityRun run = RunFolder.Read(sized.Run);
        string view = ResponseView.Standardized(ResponsePart.Excess).Name(run.Manifest.ProbeNames);
        ModeRole known = ModeRoles.Of(run, [], [], InductionAgreement.Modes).First(role => role.View == view && role.Mode == mode);

        // Scores in the order of its loadings, the largest beyond a third by far.
        HeadScore[] scores = [.. known.Loadings.Select((pair, head) => new HeadScore(0, head, 0.6 + (0.5 * pair.Value), 0.01))];
        RunRoles.Store(sized.Run, new AttentionRoles([], [], scores));

        JsonNode response = JsonNode.Parse(PagePayload.Of([sized.Run]).ToJson())!["response"]!;
        JsonNode leading = response["leading"]!;
        Assert.Equal(("excess", "l0", mode), ((string)leading["part"]!, (string)leading["group"]!, (int)leading["mode"]!));
        Assert.Equal(
            known.Loadings.Values.Select(loading => Math.Round(loading, 4)),
            leading["loadings"]!.AsArray().Select(loading => Math.Round((double)loading!, 4))
        );
        Assert.Contains(response["conclusion"]!.AsArray(), sentence =>
            ((string)sentence!).Contains($"mode {mode}", StringComparison.Ordinal)
        );
    }

    /// <summary>Without scores it is the first of all heads' modes in which heads stand on both sides, or else the first.</summary>
    [Fact]
    public void Without_scores_it_is_a_mode_with_two_sides()
    {
        using SizedRun sized = new(8, 1, 3);
        RunFindings found = new(RunFolder.Read(sized.Run));
        ModeRole leading = found.Leading!;
        Assert.Null(found.Group);
        Assert.Equal(8, leading.Heads);
        Assert.Equal(1, leading.Loadings.Values.Sum(loading => loading * loading), 6);
        double least = leading.Loadings.Values.Max(Math.Abs) / 4;
        Assert.Contains(leading.Loadings.Values, loading => loading > least);
        Assert.Contains(leading.Loadings.Values, loading => loading < -least);
    }
}

using System.Text.Json;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class GlossaryTests
{
    [Fact]
    public void A_word_is_said_once_where_it_first_comes_up()
    {
        string[] sentences =
        [
            .. Glossary.Define([
                "Heads attend.",
                "Mode 1 of the excess.",
                "A mode of the excess.",
                "By the excess l0h1 expresses a text.",
                "By the covariance l0h1 suppresses it, |r| = 0.84 [0.71 – 0.92] of its loadings.",
            ]),
        ];

        Assert.Equal("Heads attend.", sentences[0]);
        Assert.Contains("the excess is how much more", sentences[1], StringComparison.Ordinal);
        Assert.Contains("a mode is a direction", sentences[1], StringComparison.Ordinal);
        Assert.Equal("A mode of the excess.", sentences[2]);
        Assert.EndsWith($"(Here {Glossary.ExcessSign}.)", sentences[3], StringComparison.Ordinal);
        Assert.EndsWith(Glossary.CovarianceSign + ".)", sentences[4], StringComparison.Ordinal);
        Assert.Contains("brackets hold the 95 % interval", sentences[4], StringComparison.Ordinal);
        Assert.Contains("its loadings are", sentences[4], StringComparison.Ordinal);
        string alone = Assert.Single(Glossary.Define(["l0h1 suppresses it."]));
        Assert.Contains("would come to predict it better", alone, StringComparison.Ordinal);
        Assert.DoesNotContain(Glossary.ExcessSign, alone, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_was_explained_above_is_not_explained_again()
    {
        Conclusion before = new([.. Glossary.Define(["Draws that never feel the loss: a mode of the excess."])]);

        Assert.Contains("the control, are random ones", before.Headline, StringComparison.Ordinal);
        Assert.Equal(["A mode of the excess of the control."], Glossary.Define(["A mode of the excess of the control."], before));
    }

    [Fact]
    public void An_interval_stands_in_brackets_behind_its_number_and_is_left_out_where_there_is_none()
    {
        Assert.Equal("0.84 [0.71 – 0.92]", EstimateText.Of(0.84, new Interval(0.84, 0.05, 0.71, 0.92)));
        Assert.Equal("0.84", EstimateText.Of(0.84, interval: null));
    }

    [Fact]
    public void A_finding_has_what_is_noted_of_the_components_that_it_names_and_of_no_others()
    {
        RunManifest run = Run();

        Assert.Equal("l0h2 is calm.", ChainWarnings.BesideNamed("l0h2 is calm.", run));
        Assert.Equal(
            "l0h1 expresses it. With care: the loss is still rising at the last draw (l0h1).",
            ChainWarnings.BesideNamed("l0h1 expresses it.", run)
        );
        Assert.Equal(
            "All. With care: 1 of 2 chains is left out (l0h0); the loss is still rising at the last draw (2 of 3).",
            ChainWarnings.Beside("All.", run, run.Components)
        );
        Assert.Equal("l0h1 expresses it.", ChainWarnings.BesideNamed("l0h1 expresses it.", run with { Scan = true }));
    }

    private static RunManifest Run() =>
        new()
        {
            Versions = new Dictionary<string, string>(),
            Seeds = new Dictionary<string, long>(),
            Configuration = JsonSerializer.SerializeToElement(new { }),
            Components = ["l0h0", "l0h1", "l0h2"],
            ProbeNames = ["one"],
            Shape = new RunShape(3, 1, 10, 2, 10),
            Health =
            [
                Health("l0h0", ChainStatus.Excluded, "the loss is still rising at the last draw: more burn-in, or a larger localization."),
                Health("l0h1", ChainStatus.Healthy, "the loss is still rising at the last draw: more burn-in, or a larger localization."),
                Health("l0h2", ChainStatus.Healthy),
            ],
        };

    private static ComponentHealth Health(string name, ChainStatus status, params string[] notes) =>
        new(name, [new ChainHealth(0, status), new ChainHealth(1, ChainStatus.Healthy)])
        {
            Diagnostics = new Dictionary<string, double?>(),
            Notes = notes,
        };
}

using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Attribution;

public sealed class ModeSurveyTests
{
    private const int Tokens = 3000;

    [Fact]
    public void A_planted_mode_is_found_reliable_in_every_view_that_holds_it_and_noise_is_not()
    {
        // One pattern s of variance 1 on all four components with factors 1, 2, 3, 4, and noise of variance 4 in each of 8 batches: along
        // the mode, of
        // loadings (1, 2, 3, 4)/√30, signal 30 against noise 4/8, so ρ = 30/30.5; all other modes are noise with ρ = 0 ± 2/√3000.
        ModeSurvey survey = Assert.Single(ModeSurvey.Of(Run(), modes: 3));
        Assert.Equal("l0", survey.Group);
        SurveyedView published = survey.Views[0];
        Assert.Equal("chi", published.View);
        Assert.Equal(30 / 30.5, published.Modes[0].Reliability, 0.01);
        Assert.Null(published.Modes[0].DrawsNeeded);
        Assert.Equal(1, published.Modes[0].Alignment, 1e-9);
        Assert.Equal(4 / Math.Sqrt(30), published.Modes[0].Loadings["l0h3"], 0.01);
        Assert.InRange(published.Modes[1].Reliability, -0.3, 0.3);

        SurveyedView first = Assert.Single(survey.Views, view => view.View == "chi, p0");
        Assert.Equal(Tokens / 2, first.Tokens);
        Assert.Equal(30 / 30.5, first.Modes[0].Reliability, 0.02);
        Assert.InRange(first.Modes[0].Alignment, 0.999, 1);
    }

    [Fact]
    public void A_mode_common_to_all_components_vanishes_when_tokens_are_centred_on_scaled_components()
    {
        // z-scores of s·factor + noise: the first mode has all four loadings near 1/2; less the tokens' means nothing but noise is left.
        ModeSurvey survey = Assert.Single(ModeSurvey.Of(Run(), modes: 2));
        SurveyedView scaled = Assert.Single(survey.Views, view => view.View == "chi, z-score");
        Assert.All(scaled.Modes[0].Loadings.Values, loading => Assert.Equal(0.5, loading, 0.05));
        SurveyedView centred = Assert.Single(survey.Views, view => view.View == "chi, z-score-token");
        Assert.InRange(centred.Modes[0].Reliability, -0.3, 0.6);
    }

    [Fact]
    public void A_run_without_chi_is_surveyed_by_the_parts_it_holds_the_excess_first()
    {
        RunManifest manifest = Run().Manifest;
        Assert.Equal(
            [
                "chi",
                "chi without F",
                "covariance",
                "covariance, z-score",
                "excess",
                "excess, z-score",
                "renormalization",
                "chi, head-token",
                "chi, z-score",
                "chi, z-score-token",
                "chi, p0",
                "chi, p1",
            ],
            ModeSurvey.ViewsOf(manifest).Select(view => view.Name(manifest.ProbeNames))
        );
        Assert.Equal(
            ["excess", "excess, z-score", "excess, head-token", "excess, z-score-token", "excess, p0", "excess, p1"],
            ModeSurvey.ViewsOf(manifest with { Parts = ["shift", "excess"] }).Select(view => view.Name(manifest.ProbeNames))
        );
    }

    [Fact]
    public void Parts_that_do_not_vary_are_said_to_have_no_modes()
    {
        ModeSurvey survey = Assert.Single(ModeSurvey.Of(Run(), modes: 2));
        SurveyedView renormalization = Assert.Single(survey.Views, view => view.View == "renormalization");
        Assert.Empty(renormalization.Modes);
        Assert.Contains("varies over the tokens", renormalization.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Projecting_out_the_full_shift_leaves_what_is_orthogonal_to_it()
    {
        SusceptibilityRun run = KnownTerms.Run();
        ReadOnlyMemory<float> row = Assert.Single(new ResponseView { WithoutFullShift = true }.Rows(run, [0]));
        for (int i = 0; i < row.Length; i++)
        {
            // χ = 2u + 12v − 2w, f = 3v.
            Assert.Equal((2 * KnownTerms.U(i)) - (2 * KnownTerms.W(i)), row.Span[i], 1e-4);
        }
    }

    [Fact]
    public void Centrings_do_what_they_say()
    {
        SusceptibilityRun run = Run();
        int[] all = [0, 1, 2, 3];
        IReadOnlyList<ReadOnlyMemory<float>> scaled = new ResponseView { Centring = Centring.ZScore }.Rows(run, all);
        Assert.All(scaled, row => Assert.Equal(1, row.ToArray().Average(value => (double)value * value), 1e-5));
        foreach (Centring centring in new[] { Centring.HeadAndToken, Centring.ZScoreAndToken })
        {
            IReadOnlyList<ReadOnlyMemory<float>> rows = new ResponseView { Centring = centring }.Rows(run, all);
            Assert.All(Enumerable.Range(0, Tokens), i => Assert.Equal(0, rows.Sum(row => row.Span[i]), 1e-5));
            Assert.All(rows, row => Assert.Equal(0, row.ToArray().Average(), 1e-5));
        }

        ModeAnalysis whitened = GroupModes.Of(run, new ResponseView { Centring = Centring.Whitened })[0].Modes!;
        Assert.All(Enumerable.Range(0, 4), mode => Assert.Equal(1, whitened.Scores(mode).Average(score => score * score), 1e-6));
        ModeAnalysis plain = GroupModes.Of(run, ResponsePart.Susceptibility)[0].Modes!;
        Assert.Equal(plain.ExplainedVariance.ToArray(), whitened.ExplainedVariance.ToArray());
        Assert.All(Centrings.All, centring => Assert.Equal(centring, Centrings.Parse(centring.Name())));
    }

    private static SusceptibilityRun Run()
    {
        System.Random random = new(17);
        double[] pattern = [.. Enumerable.Range(0, Tokens).Select(_ => LossTrace.Gaussian(random))];
        return SyntheticRun.Of((c, i) => (c + 1) * pattern[i], noise: 2, components: 4, Tokens, chains: 4, batches: 2, seed: 18);
    }
}

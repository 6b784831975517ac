using System.Text.Json;
using Curie.Development.Effects;
using Curie.Development.Scores;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Development.Tests.Effects;

public sealed class ModeRolesTests
{
    private const int Heads = 4;
    private const int Tokens = 64;

    /// <summary>Loadings of the heads on the second pattern, of mean 0, and a score that goes with them.</summary>
    private static readonly double[] Contrast = [0.3, 0.1, -0.1, -0.3];

    [Fact]
    public void Files_do_not_keep_loadings_so_that_those_of_earlier_versions_are_read()
    {
        ModeRole role = new("l0", "excess, z-score", 1, 0.8, 0.9, Heads, 0.1, 0.7, 0.02)
        {
            Loadings = new Dictionary<string, double> { ["l0h0"] = 1 },
        };
        Assert.DoesNotContain("loading", RecordJson.ToText(role), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_mode_whose_loadings_go_with_a_score_is_found_by_it_and_so_is_the_control()
    {
        HeadScore[] prefix = [.. Contrast.Select((value, head) => new HeadScore(0, head, 0.5 + value, 0.01))];
        HeadScore[] previous = [.. new[] { 0.2, 0.6, 0.6, 0.2 }.Select((value, head) => new HeadScore(0, head, value, 0.01))];
        IReadOnlyList<ModeRole> roles = ModeRoles.Of(Run(), previous, prefix, modes: 2);
        foreach (string view in new[] { "excess, z-score", ModeRoles.Control })
        {
            ModeRole second = Assert.Single(roles, role => role.Group == "l0" && role.View == view && role.Mode == 2);

            // Every row is a + c·b of two orthogonal patterns, divided by √(1 + c²), which bends the loadings c/√(1 + c²) away from the
            // score c: by .06·c at most.
            Assert.InRange(second.PrefixMatching, 0.999, 1);
            Assert.InRange(second.PreviousToken, 0, 1e-3);
            Assert.Equal(Heads, second.Heads);

            // All four prefix-matching scores, .2 to .8, are above a tenth: there is nothing to tell apart.
            Assert.Equal((Heads, 0), (second.Induction.Members, second.Induction.Others));
            Assert.True(double.IsNaN(second.Induction.Area));
        }

        Assert.True(double.IsNaN(roles.First(role => role.View == ModeRoles.Control).Reliability));
        Assert.DoesNotContain(roles, role => role.View.StartsWith("covariance", StringComparison.Ordinal));
    }

    private static SusceptibilityRun Run()
    {
        RunShape shape = new(Heads, 1, Tokens, 2, 2);
        ResponsePart[] parts = [ResponsePart.Shift, ResponsePart.Excess];
        SusceptibilityData data = new(shape, CovarianceEstimator.Product, parts) { Levels = new LevelData(shape) };
        for (int head = 0; head < Heads; head++)
        {
            for (int i = 0; i < Tokens; i++)
            {
                float value = (float)((i % 2 == 0 ? 1 : -1) + (Contrast[head] * (i / 2 % 2 == 0 ? 1 : -1)));
                data.Response.Values(ResponsePart.Excess)[(head * Tokens) + i] = value;
                data.Levels!.Gaussian.Values[((head + 1) * Tokens) + i] = value;
            }
        }

        return new SusceptibilityRun(
            new RunManifest
            {
                Versions = new Dictionary<string, string>(),
                Seeds = new Dictionary<string, long>(),
                Configuration = JsonSerializer.SerializeToElement(new { }),
                Components = [.. Enumerable.Range(0, Heads).Select(head => $"l0h{head}")],
                ProbeNames = ["probe"],
                Shape = shape,
                Parts = ["shift", "excess"],
            },
            data
        );
    }
}

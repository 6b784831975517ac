using System.Text.Json;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Tests.Modes;

public sealed class RunModesTests
{
    private static readonly float[] Wave = [2, -2, 1, -1];

    [Fact]
    public void A_component_without_an_estimate_is_left_out_of_its_groups_modes_by_name()
    {
        SusceptibilityRun run = MakeRun();
        IReadOnlyList<GroupModes> groups = GroupModes.Of(run, ResponsePart.Susceptibility);
        Assert.Equal(["l0", "l1", "heads"], groups.Select(group => group.Name));
        Assert.Equal(["l0h1"], groups[0].Excluded);
        Assert.Equal(["l0h0"], groups[0].Modes!.Components);
        Assert.Equal(["l0h1", "l1h1"], groups[2].Excluded);

        // Rows w and 3w: one mode (1, 3)/√10 that explains all; float32 inputs, 1e-6.
        ModeAnalysis all = groups[2].Modes!;
        Assert.Equal(1, all.ExplainedVariance[0], 1e-6);
        Assert.Equal(1 / Math.Sqrt(10), all.Loadings(0)[0], 1e-6);
        Assert.Equal(3 / Math.Sqrt(10), all.Loadings(0)[1], 1e-6);
    }

    [Fact]
    public void A_group_without_any_estimate_or_without_variation_says_why_it_has_no_modes()
    {
        SusceptibilityRun run = MakeRun();
        run.Data.Response.FillRow(0, float.NaN);
        run.Data.Response.FillRow(2, 1);
        IReadOnlyList<GroupModes> groups = GroupModes.Of(run, ResponsePart.Susceptibility);
        Assert.Null(groups[0].Modes);
        Assert.Contains("no component of this group has an estimate", groups[0].Reason, StringComparison.Ordinal);
        Assert.Null(groups[1].Modes);
        Assert.Contains("varies over the tokens", groups[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variance_split_sums_to_one_and_uses_only_components_with_an_estimate()
    {
        // C = w/4 and N = 3w/4 on l0h0 (Var w = 2.5): shares 1/16, 9/16 and 2·3/16; standard error 0.5 everywhere, all exact in float32.
        VarianceSplit split = VarianceSplit.Of(MakeRun())[0];
        Assert.Equal(1, split.Components);
        Assert.Equal(1.0 / 16, split.CovarianceShare, 1e-12);
        Assert.Equal(9.0 / 16, split.RenormalizationShare, 1e-12);
        Assert.Equal(6.0 / 16, split.CrossShare, 1e-12);
        Assert.Equal(Math.Sqrt(2.5), split[ResponsePart.Susceptibility].StandardDeviation, 1e-12);
        Assert.Equal(0.25 / 2.5, split[ResponsePart.Susceptibility].NoiseShare, 1e-12);
    }

    [Fact]
    public void A_components_expressed_tokens_are_negative_suppressed_ones_positive_each_id_once()
    {
        // χ of l0h0 is w + 10: ψ = w. Tokens 1 and 3 share an id, so only −2 is listed.
        ComponentTokens tokens = ComponentTokens.Of(MakeRun(), component: 0, count: 3)!;
        Assert.Equal("l0h0", tokens.Component);
        Assert.Equal([new TokenResponse(1, -2, 0.5)], tokens.Expressed);
        Assert.Equal([new TokenResponse(0, 2, 0.5), new TokenResponse(2, 1, 0.5)], tokens.Suppressed);
        Assert.Equal(Math.Sqrt(2.5), tokens.StandardDeviation, 1e-12);
        Assert.Null(ComponentTokens.Of(MakeRun(), component: 1, count: 3));
        Assert.Equal([2, 0], ComponentTokens.Strongest(MakeRun()));
    }

    [Fact]
    public void Distinct_extremes_keep_each_ids_most_extreme_token_at_either_end()
    {
        ModeExtremes ends = ModeExtremes.OfDistinct([5, 4, 3, -1, -6, -6], [7, 7, 8, 8, 9, 9], 2);
        Assert.Equal([new TokenScore(0, 5), new TokenScore(2, 3)], ends.Top);
        Assert.Equal([new TokenScore(4, -6), new TokenScore(3, -1)], ends.Bottom);
        Assert.Throws<ArgumentException>(() => ModeExtremes.OfDistinct([1], [1, 2], 1));
    }

    [Fact]
    public void Tables_of_several_parts_share_one_header()
    {
        SusceptibilityRun run = MakeRun();
        DatasetResponse response = new(run.Manifest.ProbeNames, run.Manifest.Components, run.Data.Dataset);
        string[] lines = ResponseTable.ToCsv(ResponsePart.All.Select(response.Table)).TrimEnd('\n').Split('\n');
        Assert.Equal(1 + (4 * ResponsePart.All.Count), lines.Length);
        Assert.Single(lines, line => line.StartsWith("probe,component", StringComparison.Ordinal));
    }

    /// <summary>
    /// Components w + 10, none, 3w, none; the covariance a quarter and the renormalisation three quarters of the centred part.
    /// </summary>
    private static SusceptibilityRun MakeRun()
    {
        RunShape shape = new(Components: 4, Probes: 1, Tokens: 4, Chains: 1, Draws: 1);
        SusceptibilityData data = new(shape);
        for (int component = 0; component < 4; component++)
        {
            float scale = component switch
            {
                0 => 1,
                2 => 3,
                _ => float.NaN,
            };
            foreach (ResponsePart part in ResponsePart.All)
            {
                float share =
                    part == ResponsePart.Covariance ? 0.25f
                    : part == ResponsePart.Renormalization ? 0.75f
                    : 1;
                for (int i = 0; i < 4; i++)
                {
                    data.Response.Values(part)[(component * 4) + i] = (share * scale * Wave[i]) + 10;
                    data.Response.StandardErrors(part)[(component * 4) + i] = 0.5f;
                }
            }
        }

        int[] ids = [1, 2, 3, 2];
        ids.CopyTo(data.Tokens.Id, 0);
        return new SusceptibilityRun(
            new RunManifest
            {
                Versions = new Dictionary<string, string>(),
                Seeds = new Dictionary<string, long>(),
                Configuration = JsonSerializer.SerializeToElement(new { }),
                Components = ["l0h0", "l0h1", "l1h0", "l1h1"],
                ProbeNames = ["github"],
                Shape = shape,
            },
            data
        );
    }
}

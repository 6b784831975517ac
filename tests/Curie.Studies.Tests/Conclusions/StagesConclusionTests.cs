using Curie.Development.Clustering;
using Curie.Development.Stages;
using Curie.Studies.Conclusions;
using Curie.Studies.Development;

namespace Curie.Studies.Tests.Conclusions;

public sealed class StagesConclusionTests
{
    private static readonly double[] Steps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    [Fact]
    public void A_curve_that_only_varies_within_its_errors_has_no_stage()
    {
        string sentence = Assert.Single(Sentences(Curve("full", [5, 5.4, 4.8, 5.1, 4.7, 5.2, 5, 4.9, 5.3, 5], error: 1)));

        Assert.StartsWith(
            "λ̂ of full has no stage in which it changes by more than two standard errors",
            sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_curve_that_rises_and_falls_far_beyond_its_errors_is_told_in_that_order()
    {
        string sentence = Assert.Single(Sentences(Curve("full", [0, 5, 12, 25, 40, 50, 41, 26, 12, 4], error: 0.1)));

        int rise = sentence.IndexOf("rises by", StringComparison.Ordinal);
        int fall = sentence.IndexOf("falls by", StringComparison.Ordinal);
        Assert.InRange(rise, 0, fall - 1);
        Assert.Contains("from step 1.0 to", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_model_stands_for_its_data_set_and_else_the_first_component()
    {
        double[] rising = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45];
        ComponentCurve head = Curve("l1.mlp", rising, error: 0.1);
        DevelopmentStudy both = Study(head, Curve("full", rising, error: 0.1));

        Assert.Equal("full", Assert.Single(both.ByData).Main.Source.Component);
        Assert.Equal("l1.mlp", Assert.Single(Study(head).ByData).Main.Source.Component);
    }

    private static IReadOnlyList<string> Sentences(params ComponentCurve[] curves) => StagesConclusion.Of(Study(curves)).Sentences;

    private static DevelopmentStudy Study(params ComponentCurve[] curves) =>
        DevelopmentStudy.Of(curves, new StageOptions { Draws = 200 }, new CurveClusteringOptions(), byLayer: false, dynamics: null);

    private static ComponentCurve Curve(string component, double[] values, double error) =>
        new(
            component,
            Data: "",
            new DevelopmentCurve(component, Steps, values, [.. Steps.Select(_ => error)]),
            TotalErrors: null,
            Loss: null,
            Health: [.. Steps.Select(_ => "ok")],
            LeftOut: []
        );
}

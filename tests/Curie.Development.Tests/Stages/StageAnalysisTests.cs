using Curie.Development.Stages;

namespace Curie.Development.Tests.Stages;

public sealed class StageAnalysisTests
{
    private static readonly StageOptions Quick = new() { GridPoints = 128, Draws = 400 };

    /// <summary>
    /// 95 % intervals of both extrema of 10·sin(x), in 60 replicates with noise of 1 and 40 checkpoints: 120 intervals, of which 95 % ± 2 %
    /// (a standard
    /// error) should hold the truth if the fitted settings were the true ones; they are estimated, so 88 %, three and a half errors below,
    /// is asked for.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Intervals_of_extrema_hold_the_truth_as_often_as_they_say(bool errorsAreKnown)
    {
        int held = 0;
        double width = 0;
        const int Replicates = 60;
        for (ulong replicate = 0; replicate < Replicates; replicate++)
        {
            StageAnalysis analysis = StageAnalysis.Of(
                KnownCurve.Sine(replicate, 40, 1, errorsAreKnown),
                options: Quick with
                {
                    Seed = (long)replicate,
                }
            );
            StageBoundary maximum = Nearest(analysis, BoundaryKind.Maximum, KnownCurve.Maximum);
            StageBoundary minimum = Nearest(analysis, BoundaryKind.Minimum, KnownCurve.Minimum);
            held += maximum.Low <= KnownCurve.Maximum && KnownCurve.Maximum <= maximum.High ? 1 : 0;
            held += minimum.Low <= KnownCurve.Minimum && KnownCurve.Minimum <= minimum.High ? 1 : 0;
            width += maximum.High - maximum.Low + minimum.High - minimum.Low;
            Assert.True(maximum.Support > 0.95 && minimum.Support > 0.95);
        }

        Assert.InRange(held / (2.0 * Replicates), 0.88, 1);

        // An interval that always held everything would be of no use: the half turn between the extrema is 3.1 long.
        Assert.InRange(width / (2 * Replicates), 0.02, 0.6);
    }

    /// <summary>
    /// x + 0.8·sin(x) has slope 1 + 0.8·cos(x), least at π and 3π where it is 0.2: plateaus. There is no noise, so they are found to a
    /// fraction of the grid's spacing of 0.1.
    /// </summary>
    [Fact]
    public void A_plateau_is_found_where_a_rise_pauses()
    {
        double[] x = [.. Enumerable.Range(0, 81).Select(i => 4 * Math.PI * i / 80)];
        DevelopmentCurve curve = new("stairs", [.. x.Select(DevelopmentCurve.Step)], [.. x.Select(at => at + (0.8 * Math.Sin(at)))]);

        IReadOnlyList<StageBoundary> boundaries = StageAnalysis.Of(curve, options: Quick).Boundaries;

        Assert.Equal([BoundaryKind.Plateau, BoundaryKind.Plateau], boundaries.Select(boundary => boundary.Kind));
        Assert.Equal(Math.PI, boundaries[0].LogStep, 0.01);
        Assert.Equal(3 * Math.PI, boundaries[1].LogStep, 0.01);
        Assert.All(boundaries, boundary => Assert.Equal(0.2, boundary.Slope, 0.02));
    }

    /// <summary>
    /// λ̂ = 10·sin(x) rises by 10, falls by 20 and rises by 10; the loss 5 − x falls by the length of each stage. Tolerances are four of
    /// the stated errors.
    /// </summary>
    [Fact]
    public void The_stage_table_holds_the_changes_between_boundaries_and_their_types()
    {
        DevelopmentCurve coefficient = KnownCurve.Sine(3, 60, 0.3, errorsAreKnown: true);
        DevelopmentCurve loss = new(
            "loss",
            coefficient.Steps,
            [.. coefficient.LogSteps.Select(x => 5 - x)],
            [.. coefficient.Steps.Select(_ => 0.01)]
        );

        IReadOnlyList<Stage> stages = StageAnalysis.Of(coefficient, GaussianProcess.Fit(loss), Quick).Stages;

        Assert.Equal(["A", "B", "A"], stages.Select(stage => stage.Type));
        Assert.All(stages, stage => Assert.InRange(stage.TypeProbability!.Value, 0.999, 1));
        double[] rises = [10, -20, 10];
        foreach ((Stage stage, double rise) in stages.Zip(rises))
        {
            double length = DevelopmentCurve.LogStep(stage.ToStep) - DevelopmentCurve.LogStep(stage.FromStep);
            Assert.Equal(rise, stage.Coefficient.Value, 4 * stage.Coefficient.StandardError);
            Assert.Equal(-length, stage.Loss!.Value, 4 * stage.Loss.StandardError);
            Assert.InRange(stage.Coefficient.StandardError, 0.01, 0.5);
        }

        Assert.Equal(stages[0].ToStep, stages[1].FromStep);
        Assert.Equal(Math.Exp(2 * Math.PI) - 1, stages[^1].ToStep, 1e-9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_boundaries_and_noise_alone_has_no_sure_stage()
    {
        DevelopmentCurve curve = KnownCurve.Sine(4, 40, 1, errorsAreKnown: true);
        Assert.Equal(StageAnalysis.Of(curve, options: Quick).Boundaries, StageAnalysis.Of(curve, options: Quick).Boundaries);

        // Noise with known errors around a straight rise: 100 checkpoints and a slope of 5 leave nothing that most draws agree on.
        Assert.Single(StageAnalysis.Of(PlainRise(), options: Quick).Stages);
    }

    private static StageBoundary Nearest(StageAnalysis analysis, BoundaryKind kind, double place) =>
        analysis.Boundaries.Where(boundary => boundary.Kind == kind).MinBy(boundary => Math.Abs(boundary.LogStep - place))!;

    /// <summary>5·x with noise of 0.5, errors known.</summary>
    private static DevelopmentCurve PlainRise()
    {
        DevelopmentCurve noisy = KnownCurve.Sine(9, 100, 0.5, errorsAreKnown: true);
        double[] values = [.. noisy.Values.Zip(noisy.LogSteps, (value, x) => value - (10 * Math.Sin(x)) + (5 * x))];
        return new DevelopmentCurve("rise", noisy.Steps, values, noisy.StandardErrors);
    }
}

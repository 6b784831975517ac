using Curie.Development.Stages;
using Curie.Development.Trajectories;
using Curie.Numerics;
using Curie.Numerics.Random;

namespace Curie.Development.Tests.Trajectories;

public sealed class EssentialDynamicsTests
{
    /// <summary>
    /// Two orthogonal directions of 50 outputs followed with cos and sin of different sizes: the principal components are these two, with
    /// variances in the
    /// ratio of the squares, to float64 rounding.
    /// </summary>
    [Fact]
    public void Principal_components_find_the_directions_that_the_outputs_follow()
    {
        const int Checkpoints = 40;
        double[] angles = [.. Enumerable.Range(0, Checkpoints).Select(i => 2 * Math.PI * i / Checkpoints)];
        double[][] outputs =
        [
            .. angles.Select(t => Enumerable.Range(0, 50).Select(o => o + (o < 25 ? 3 * Math.Cos(t) / 5 : 2 * Math.Sin(t) / 5)).ToArray()),
        ];

        TrajectoryComponents components = TrajectoryComponents.Of(outputs, 3);

        Assert.Equal(9 / 13.0, components.ExplainedVariance[0], 1e-12);
        Assert.Equal(4 / 13.0, components.ExplainedVariance[1], 1e-12);
        Assert.Equal(0, components.ExplainedVariance[2], 1e-12);
        double sign = Math.Sign(components.Scores[0][0]);
        Assert.All(components.Scores[0].Zip(angles), pair => Assert.Equal(sign * 3 * Math.Cos(pair.Second), pair.First, 1e-9));
        Assert.All(components.Scores, scores => Assert.True(scores[^1] >= scores[0] - 1e-9));
    }

    /// <summary>
    /// σ = 1 at every point, so reach 4: computed here by hand for a unit impulse, and for a constant, which smoothing keeps.
    /// </summary>
    [Fact]
    public void Smoothing_is_a_Gaussian_of_the_width_at_the_point_with_reflected_ends()
    {
        double total = Enumerable.Range(-4, 9).Sum(k => Math.Exp(-0.5 * k * k));
        double[] impulse = new double[20];
        impulse[10] = 1;
        double[] smoothed = VariableSmoothing.Apply(impulse, 1, 1);
        Assert.Equal(1 / total, smoothed[10], 1e-12);
        Assert.Equal(Math.Exp(-2) / total, smoothed[8], 1e-12);
        Assert.Equal(0, smoothed[5]);

        // At the edge the neighbour that is repeated is the edge itself: …, x1, x0 | x0, x1, …
        double[] edge = new double[20];
        edge[0] = 1;
        Assert.Equal((1 + Math.Exp(-0.5)) / total, VariableSmoothing.Apply(edge, 1, 1)[0], 1e-12);
        Assert.All(VariableSmoothing.Apply([.. Enumerable.Repeat(2.0, 9)], 0, 30), value => Assert.Equal(2, value, 1e-12));
        Assert.Equal([1.0, 5, 2], VariableSmoothing.Apply([1.0, 5, 2], 0, 0));

        // σ grows from 0 to 2: the first point is untouched, the last is not.
        double[] ramp = [.. Enumerable.Range(0, 9).Select(i => (double)(i * i))];
        double[] varied = VariableSmoothing.Apply(ramp, 0, 2);
        Assert.Equal(0, varied[0]);
        Assert.NotEqual(64, varied[8]);
    }

    /// <summary>
    /// A trajectory that turns around the point (2, −1, 0.5) in every plane at once at t = 0: each coordinate pair is a parabola's vertex
    /// there. The
    /// curve (t, t², …) has its vertex at t = 0 with centre (0, ½).
    /// </summary>
    [Fact]
    public void A_form_is_where_all_planes_have_a_vertex_at_the_same_time()
    {
        double[] t = [.. Enumerable.Range(-60, 121).Select(i => i / 40.0)];
        Dictionary<(int I, int J), IReadOnlyList<CurvePoint>> points = new()
        {
            [(0, 1)] = [new(CurvePointKind.SharpVertex, 60, 2, -1, 1), new(CurvePointKind.FlatVertex, 90, 0, 0, 5)],
            [(0, 2)] = [new(CurvePointKind.SharpVertex, 61, 2, 0.5, 1)],
            [(1, 2)] = [new(CurvePointKind.Cusp, 59, -1, 0.5, 0)],
        };

        Form form = Assert.Single(Form.Find([t, t, t], points, window: 3));

        Assert.Equal((60, 2, 0), (form.Index, form.Spread, form.Discrepancy));
        Assert.Equal([2, -1, 0.5], form.Position);
        Assert.Empty(Form.Find([t, t, t], points, window: 1));
    }

    /// <summary>
    /// With planes that see the point 0.2 apart on the first coordinate, half of it from their mean: rms 0.1 over the box's diagonal 3·√3.
    /// </summary>
    [Fact]
    public void A_forms_discrepancy_is_the_disagreement_between_planes()
    {
        double[] t = [-1.5, 0, 1.5];
        Dictionary<(int I, int J), IReadOnlyList<CurvePoint>> points = new()
        {
            [(0, 1)] = [new(CurvePointKind.SharpVertex, 1, 2.2, -1, 1)],
            [(0, 2)] = [new(CurvePointKind.SharpVertex, 1, 2, 0.5, 1)],
            [(1, 2)] = [new(CurvePointKind.SharpVertex, 1, -1, 0.5, 0)],
        };
        Assert.Equal(0.1 / (3 * Math.Sqrt(3)), Assert.Single(Form.Find([t, t, t], points, 0)).Discrepancy, 1e-12);
    }

    /// <summary>
    /// Outputs that follow half an ellipse, evenly in angle from −π/2 to π/2, have one sharp vertex inside, at the middle checkpoint;
    /// smoothing of a
    /// symmetric curve by an even width keeps it there.
    /// </summary>
    [Fact]
    public void The_whole_path_finds_the_turn_of_the_outputs()
    {
        const int Checkpoints = 81;
        double[] angles = [.. Enumerable.Range(0, Checkpoints).Select(i => Math.PI * ((i / (Checkpoints - 1.0)) - 0.5))];
        double[][] outputs = [.. angles.Select(t => new[] { 3 * Math.Sin(t), 1.5 * Math.Cos(t) * 4, 0.0 })];
        double[] steps = [.. Enumerable.Range(0, Checkpoints).Select(i => DevelopmentCurve.Step(i / 10.0))];

        EssentialDynamics dynamics = EssentialDynamics.Of(
            steps,
            outputs,
            new EssentialDynamicsOptions
            {
                Components = 2,
                FirstWidth = 1,
                LastWidth = 1,
            }
        );

        CurvePoint vertex = Assert.Single(dynamics.Planes[0].Points, point => Math.Abs(point.Index - 40) < 10);
        Assert.Equal(40, vertex.Index, 1e-6);
        Assert.Equal(CurvePointKind.SharpVertex, vertex.Kind);
        Assert.Equal(DevelopmentCurve.Step(4), dynamics.StepAt(vertex.Index), 1e-3);
        Assert.Contains(dynamics.Forms, form => Math.Abs(form.Index - 40) < 1e-6 && form.Discrepancy == 0);
        Assert.Throws<InputException>(() => EssentialDynamics.Of(steps[..5], outputs[..5]));
    }

    /// <summary>Points at the boundaries agree exactly, which no random placement does; points elsewhere agree as chance does.</summary>
    [Fact]
    public void Agreement_with_stages_is_compared_with_points_placed_at_random()
    {
        StageBoundary[] boundaries =
        [
            .. new[] { 2.0, 5, 8 }.Select(x => new StageBoundary(BoundaryKind.Maximum, x, x - 0.1, x + 0.1, 0, 0, 1)),
        ];
        double[] there = [.. boundaries.Select(boundary => boundary.Step)];
        PhiloxStream random = new(PhiloxKey.Derive(2, RandomPurpose.Scores));
        double[] anywhere = [.. there.Select(_ => DevelopmentCurve.Step(10 * random.NextDouble()))];

        StageAgreement exact = StageAgreement.Of(boundaries, there, 0, DevelopmentCurve.Step(10), seed: 1)!;
        StageAgreement chance = StageAgreement.Of(boundaries, anywhere, 0, DevelopmentCurve.Step(10), seed: 1)!;

        Assert.Equal(1 / 2000.0, exact.PValue);
        Assert.All(exact.Matches, match => Assert.True(match.Inside));
        Assert.InRange(exact.MeanDistance, 0, 1e-12);
        Assert.InRange(chance.PValue, 0.05, 1);
        Assert.Null(StageAgreement.Of([], there, 0, 100, 1));
    }
}

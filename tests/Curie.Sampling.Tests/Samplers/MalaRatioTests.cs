using Curie.Sampling.Samplers;

namespace Curie.Sampling.Tests.Samplers;

public sealed class MalaRatioTests
{
    [Theory]
    [InlineData(0, 0, 0, 1.5, 5.5, 16.25, 0.1, 0.6661436107)]
    [InlineData(1, 1, 1, 1.5, 0.5, 1.25, 0.5, 0.9692332345)]
    public void The_ratio_of_a_step_is_that_of_the_proposal_densities(
        double px,
        double py,
        double potentialBefore,
        double cx,
        double cy,
        double potentialAfter,
        double step,
        double rate
    )
    {
        // The examples' gradients equal their points.
        double work = ((cx - px) * (px + cx)) + ((cy - py) * (py + cy));
        double logRatio = MalaRatio.Log(potentialBefore, potentialAfter, work, (px * px) + (py * py), (cx * cx) + (cy * cy), step);
        Assert.Equal(rate, Math.Exp(Math.Min(0, logRatio)), 1e-10);

        // The definition itself.
        double Proposal(double fromX, double fromY, double toX, double toY) =>
            -(Math.Pow(toX - fromX + (step / 2 * fromX), 2) + Math.Pow(toY - fromY + (step / 2 * fromY), 2)) / (2 * step);
        double defined = Proposal(cx, cy, px, py) - Proposal(px, py, cx, cy) + potentialBefore - potentialAfter;
        Assert.Equal(defined, logRatio, 1e-12 * Math.Max(1, Math.Abs(potentialAfter)));
    }

    [Fact]
    public void On_a_quadratic_the_lengths_of_the_gradients_say_it_all()
    {
        double[] curvatures = [0.3, 2, 17];
        double[] before = [1, -0.4, 0.2];
        double[] after = [0.8, 0.5, -0.3];
        double Square(double[] w) => curvatures.Zip(w, (a, x) => a * a * x * x).Sum();
        double Potential(double[] w) => curvatures.Zip(w, (a, x) => a * x * x / 2).Sum();
        double work = Enumerable.Range(0, 3).Sum(i => (after[i] - before[i]) * curvatures[i] * (before[i] + after[i]));
        double full = MalaRatio.Log(Potential(before), Potential(after), work, Square(before), Square(after), 0.03);
        Assert.Equal(full, MalaRatio.LogOfQuadratic(Square(before), Square(after), 0.03), 1e-12);
    }
}

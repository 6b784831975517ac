using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Tests.Accumulation;
using Curie.Sampling;

namespace Curie.Response.Tests.Estimators;

public sealed class CoefficientSlopesTests
{
    private const double NBeta = 30;
    private static readonly ProbeLayout Layout = new(["a", "b", "c"], [3, 1, 9]);

    // Float64 sums of 150 terms; squares of the errors are differences of sums that agree in up to four digits.
    private const double ValueTolerance = 1e-11;
    private const double ErrorTolerance = 1e-8;

    [Fact]
    public void Slopes_and_their_joint_errors_equal_the_formulas_over_stored_traces()
    {
        LossTrace trace = new(12, 3, 50, Layout, 0.6);
        using ComponentMoments moments = trace.AllMoments();
        CoefficientSlopes slopes = new(2, Layout.Probes);
        slopes.SetRow(1, moments.Probes, NBeta);
        for (int probe = 0; probe < Layout.Probes; probe++)
        {
            Range tokens = Layout.TokensOf(probe);
            StoredTraceEstimator stored = new(trace, tokens.Start.Value, tokens.End.Value - tokens.Start.Value);
            AssertClose(
                stored.Slope(NBeta, trace.InitLosses[tokens].Average(loss => (double)loss)),
                slopes.Values[Layout.Probes + probe],
                ValueTolerance
            );
            AssertClose(stored.SlopeError(NBeta), slopes.StandardErrors[Layout.Probes + probe], ErrorTolerance);
            Assert.Equal(0, slopes.Values[probe]);
        }
    }

    /// <summary>By the response the covariance is the mean of what pairs contribute, and enters the error as it is.</summary>
    [Fact]
    public void By_the_response_the_contributions_of_pairs_take_the_place_of_products()
    {
        const double Strength = 5;
        LossTrace chain = new(13, 1, 60, Layout, 0.4);
        LossTrace shadow = new(14, 1, 60, Layout, 0.3);
        using PairAccumulator accumulator = new(Layout, chain.Plan);
        double[] shift = new double[chain.Draws];
        double[] contribution = new double[chain.Draws];
        Range tokens = Layout.TokensOf(2);
        for (int draw = 0; draw < chain.Draws; draw++)
        {
            accumulator.BeginDraw();
            accumulator.Add(chain.Losses[0][draw], chain.InitLosses, EvaluationWeight.OfChain(chain.Phi[0][draw], Strength, chains: 1));
            accumulator.Add(shadow.Losses[0][draw], chain.InitLosses, EvaluationWeight.OfShadow(shadow.Phi[0][draw], Strength, chains: 1));
            accumulator.EndDraw();
            shift[draw] = Change(chain, draw);
            contribution[draw] = (Change(shadow, draw) - shift[draw]) / Strength;
        }

        using ComponentMoments moments = new("l0h0", Layout, CovarianceEstimator.Response);
        moments.Add(accumulator);
        CoefficientSlopes slopes = new(1, Layout.Probes);
        slopes.SetRow(0, moments.Probes, NBeta);
        double[] all = [.. shift.Zip(contribution, (d, c) => (NBeta * d) + (NBeta * NBeta * c))];
        AssertClose(all.Average(), slopes.Values[2], ValueTolerance);

        double squares = Enumerable
            .Range(0, chain.Plan.Batches)
            .Sum(batch =>
            {
                double[] part = all[chain.Plan.DrawsOf(batch)];
                return part.Length * Math.Pow(part.Average() - all.Average(), 2);
            });
        AssertClose(Math.Sqrt(squares / (chain.Plan.Batches - 1) / all.Length), slopes.StandardErrors[2], ErrorTolerance);

        double Change(LossTrace trace, int draw) =>
            trace.Losses[0][draw][tokens].Zip(chain.InitLosses[tokens], (loss, init) => (double)loss - init).Average() - trace.Phi[0][draw];
    }

    /// <summary>
    /// L = a·w²/2 and a probe b·w²/2 + c·w with localisation γ: under nβ·L_h + γw²/2, w is normal with precision A = nβ·a_h + γ, a_h = (1 −
    /// h)a + h·b, and mean −nβ·h·c/A, so
    /// λ̂_h = nβ·[a_h·(1/A + m²)/2 + h·c·m] is known at every h. Its difference over h = ±10⁻⁴ is within 10⁻⁷ of the derivative at 0.
    /// </summary>
    [Fact]
    public void The_slope_is_that_of_the_learning_coefficient_of_mixed_data()
    {
        const double Rate = 2;
        const double ProbeRate = 5;
        const double Pull = 0.3;
        const double Localization = 40;
        const double Step = 1e-4;
        ProbeLayout layout = new(["probe"], [1]);
        BatchPlan plan = BatchPlan.ForDraws(40_000, 2);
        using ComponentMoments moments = new("w", layout);
        System.Random random = new(3);
        double deviation = Math.Sqrt(1 / ((NBeta * Rate) + Localization));
        for (int chain = 0; chain < 2; chain++)
        {
            using PairAccumulator accumulator = new(layout, plan, chain);
            for (int draw = 0; draw < plan.Draws; draw++)
            {
                double w = deviation * LossTrace.Gaussian(random);
                accumulator.Add(0.5 * Rate * w * w, [(float)((0.5 * ProbeRate * w * w) + (Pull * w))], [0f]);
            }

            moments.Add(accumulator);
        }

        CoefficientSlopes slopes = new(1, 1);
        slopes.SetRow(0, moments.Probes, NBeta);
        double truth = (Coefficient(Step) - Coefficient(-Step)) / (2 * Step);
        Assert.InRange((slopes.Values[0] - truth) / slopes.StandardErrors[0], -4, 4);

        // The error must be small enough for the comparison to mean something.
        Assert.InRange(slopes.StandardErrors[0], 0, 0.05 * Math.Abs(truth));

        double Coefficient(double h)
        {
            double curvature = ((1 - h) * Rate) + (h * ProbeRate);
            double precision = (NBeta * curvature) + Localization;
            double mean = -NBeta * h * Pull / precision;
            return NBeta * ((0.5 * curvature * ((1 / precision) + (mean * mean))) + (h * Pull * mean));
        }
    }

    [Fact]
    public void Without_the_loss_both_are_zero()
    {
        using ComponentMoments moments = new LossTrace(15, 2, 20, Layout, 0.6).AllMoments();
        CoefficientSlopes slopes = new(1, Layout.Probes);
        slopes.SetRow(0, moments.Probes, nBeta: 0);
        Assert.All(slopes.Values.Concat(slopes.StandardErrors), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sums_of_other_probes_do_not_fit()
    {
        using ComponentMoments moments = new LossTrace(15, 2, 20, Layout, 0.6).AllMoments();
        Assert.Throws<ArgumentException>(() => new CoefficientSlopes(1, 2).SetRow(0, moments.Probes, NBeta));
    }

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.InRange(
            actual,
            expected - (tolerance * Math.Max(1, Math.Abs(expected))),
            expected + (tolerance * Math.Max(1, Math.Abs(expected)))
        );
}

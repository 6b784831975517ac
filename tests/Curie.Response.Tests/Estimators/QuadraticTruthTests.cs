using Curie.Response.Accumulation;
using Curie.Response.Estimators;

namespace Curie.Response.Tests.Estimators;

public class QuadraticTruthTests
{
    private const double StandardErrors = 4;

    [Fact]
    public void The_exact_values_are_those_computed_independently()
    {
        // χ, covariance and renormalization from Gaussian moments: −½tr(HS_r·D·S_r) and ¼tr(HS_r)·[tr(D·S_f) − tr(D·S_r)], seven digits.
        double[] truth = QuadraticSurface.Truth(0);
        Assert.Equal(-1.501140e-5, truth[0], 5e-12);
        Assert.Equal(-1.010329e-5, truth[1], 5e-12);
        Assert.Equal(-4.908105e-6, truth[2], 5e-13);
    }

    [Fact]
    public void The_two_run_estimator_and_its_parts_meet_the_exact_values_within_four_standard_errors()
    {
        System.Random random = new(20);
        using ComponentMoments full = QuadraticSurface.Sample(random, masked: false, chains: 4, draws: 60_000, burnIn: 300, spacing: 2);
        using ComponentMoments masked = QuadraticSurface.Sample(random, masked: true, chains: 4, draws: 60_000, burnIn: 300, spacing: 2);
        SusceptibilityEstimates estimates = QuadraticSurface.Estimate(masked, full, out FullShift shift);
        for (int token = 0; token < QuadraticSurface.Tokens.Length; token++)
        {
            double[] truth = QuadraticSurface.Truth(token);
            foreach (ResponsePart part in ResponsePart.All)
            {
                AssertWithin(truth[part.Index], estimates.Values(part)[token], estimates.StandardErrors(part)[token]);
            }

            double exactShift = 0.5 * QuadraticSurface.Traces(QuadraticSurface.Tokens[token].D, masked: false).DS;
            AssertWithin(exactShift, shift.Values[token], shift.StandardErrors[token]);
        }

        // The error itself must be small enough for the comparison to mean something.
        Assert.InRange(estimates.StandardErrors(ResponsePart.Susceptibility)[0], 0, 0.02 * 1.5e-5);
    }

    [Fact]
    public void One_run_in_one_dimension_gives_minus_half_h_d_v_squared()
    {
        // Restricted = full, so χ is the covariance and the linear term drops out.
        using ComponentMoments run = QuadraticSurface.Sample(
            new System.Random(21),
            masked: true,
            chains: 4,
            draws: 60_000,
            burnIn: 300,
            spacing: 2
        );
        SusceptibilityEstimates estimates = QuadraticSurface.Estimate(run, run, out _);
        double a = (2 * QuadraticSurface.NBeta) + QuadraticSurface.Gamma;
        double v = 1 / (a * (1 - (QuadraticSurface.StepSize * a / 4)));
        for (int token = 0; token < QuadraticSurface.Tokens.Length; token++)
        {
            double truth = -0.5 * 2 * QuadraticSurface.Tokens[token].D[0] * v * v;
            AssertWithin(
                truth,
                estimates.Values(ResponsePart.Susceptibility)[token],
                estimates.StandardErrors(ResponsePart.Covariance)[token]
            );
        }
    }

    [Fact]
    public void Ninety_five_percent_intervals_hold_the_exact_values_that_often()
    {
        // 200 replicates: a true coverage of 95 % reads 95 ± 1.5 %; batch means of a finite chain fall a little short of it.
        const int Replicates = 200;
        System.Random random = new(22);
        int[] hits = new int[ResponsePart.All.Count];
        for (int replicate = 0; replicate < Replicates; replicate++)
        {
            using ComponentMoments full = QuadraticSurface.Sample(random, masked: false, chains: 4, draws: 400, burnIn: 60, spacing: 4);
            using ComponentMoments masked = QuadraticSurface.Sample(random, masked: true, chains: 4, draws: 400, burnIn: 60, spacing: 4);
            SusceptibilityEstimates estimates = QuadraticSurface.Estimate(masked, full, out _);
            double[] truth = QuadraticSurface.Truth(1);
            foreach (ResponsePart part in ResponsePart.All)
            {
                double error = Math.Abs(estimates.Values(part)[1] - truth[part.Index]);
                hits[part.Index] += error <= 1.96 * estimates.StandardErrors(part)[1] ? 1 : 0;
            }
        }

        Assert.All(hits, count => Assert.InRange(count / (double)Replicates, 0.88, 0.99));
    }

    private static void AssertWithin(double truth, double value, double error) =>
        Assert.True(
            Math.Abs(value - truth) <= StandardErrors * error,
            $"{value:R} ± {error:G3} is {Math.Abs(value - truth) / error:F1} standard errors from {truth:R}"
        );
}

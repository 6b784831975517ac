using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Agreement;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;
using Curie.Sampling;
using MathNet.Numerics.Distributions;

namespace Curie.Response.Tests.Agreement;

/// <summary>Slopes between runs whose covariances are known.</summary>
public sealed class CovarianceAgreementTests
{
    private const int Replicates = 200;

    /// <summary>
    /// 16 batches of noise 2 each in x leave it an error variance of 4·(1 + .01)/16 = .253 beside a signal of 1: a slope that is attenuated
    /// would be 1.2/1.253 = .96. Mean and coverage over 200
    /// replicates: an interval of 95 % covers in .95 ± .046 (3 standard errors); ratios and jackknives of 4 chains are right to first
    /// order, which the rest of the width is for.
    /// </summary>
    [Fact]
    public void The_slope_is_free_of_the_regressors_noise_and_its_error_covers_it()
    {
        double[] slopes = new double[Replicates];
        int covered = 0;
        for (int replicate = 0; replicate < Replicates; replicate++)
        {
            CovarianceAgreement found = CovarianceAgreement.Of(
                KnownCovariance.Run(CovarianceEstimator.Response, 1, 2, 1, 4, 2 * replicate),
                KnownCovariance.Run(CovarianceEstimator.Product, 1.2, 3, 1, 4, (2 * replicate) + 1)
            );
            ComponentSlope slope = Assert.Single(found.Components);
            slopes[replicate] = slope.Slope;
            covered += Math.Abs(slope.Slope - 1.2) < slope.StandardError * StudentT.InvCDF(0, 1, slope.DegreesOfFreedom, 0.975) ? 1 : 0;
        }

        MeanEstimate mean = MeanEstimate.OfIndependent(slopes);
        Assert.InRange(mean.Mean, 1.2 - (4 * mean.StandardError), 1.2 + (4 * mean.StandardError));
        Assert.InRange(mean.StandardError, 0, 0.02);
        Assert.InRange((double)covered / Replicates, 0.89, 0.99);
    }

    [Fact]
    public void The_shares_of_noise_are_those_that_were_put_in()
    {
        double[] shares =
        [
            .. Enumerable
                .Range(0, Replicates)
                .Select(seed =>
                    CovarianceAgreement
                        .Of(
                            KnownCovariance.Run(CovarianceEstimator.Response, 1, 2, 1, 4, seed),
                            KnownCovariance.Run(CovarianceEstimator.Product, 1, 2, 1, 4, seed + 1000)
                        )
                        .Components[0]
                        .RegressorNoise
                ),
        ];
        MeanEstimate mean = MeanEstimate.OfIndependent(shares);
        Assert.InRange(mean.Mean, (0.2525 / 1.2525) - 0.01, (0.2525 / 1.2525) + 0.01);
    }

    /// <summary>
    /// Component l0h1 is ten times l0h0 and their slopes are the same: the pooled slope knows both, and is the same for components of any
    /// size.
    /// </summary>
    [Fact]
    public void Components_count_alike_in_the_pooled_slope()
    {
        ComparedRun x = KnownCovariance.Run(CovarianceEstimator.Response, 1, 0.2, 2, 4, 1);
        ComparedRun y = KnownCovariance.Run(CovarianceEstimator.Product, 1.1, 0.2, 2, 4, 2);
        ComponentSlope[] slopes = [.. CovarianceAgreement.Of(x, y).Components];
        ComponentSlope pooled = CovarianceAgreement.Of(x, y).Pooled!;
        Assert.Equal(("all", (slopes[0].Slope + slopes[1].Slope) / 2), (pooled.Component, pooled.Slope), (left, right) =>
            left.Item1 == right.Item1 && Math.Abs(left.Item2 - right.Item2) < 1e-3
        );
        Assert.InRange(pooled.StandardError, 0, slopes[0].StandardError);
        Assert.Equal(slopes.Min(slope => slope.Expected!.Low), pooled.Expected!.Low);
    }

    [Fact]
    public void The_response_is_the_regressor_whichever_run_is_given_first()
    {
        ComparedRun response = KnownCovariance.Run(CovarianceEstimator.Response, 1, 0.2, 1, 4, 1);
        ComparedRun product = KnownCovariance.Run(CovarianceEstimator.Product, 1.1, 0.2, 1, 4, 2);
        CovarianceAgreement one = CovarianceAgreement.Of(response, product);
        CovarianceAgreement other = CovarianceAgreement.Of(product, response);
        Assert.True(one.IsRunRegressor);
        Assert.False(other.IsRunRegressor);
        Assert.Equal(one.Components[0], other.Components[0]);
    }

    /// <summary>
    /// A product of few draws is too small by the covariance of its two means; the batches' mean is the estimate without that.
    /// </summary>
    [Fact]
    public void The_batches_of_a_product_have_its_estimate_as_their_mean_without_the_bias_of_few_draws()
    {
        ProbeLayout layout = new(["a"], [40]) { Sampled = [.. Enumerable.Range(0, 40)] };
        SusceptibilityRun run = SyntheticRun.Of(new LossTrace(1, 2, 20, layout, 1.7), new LossTrace(2, 2, 20, layout, 0.6));
        CovarianceBatches batches = CovarianceBatches.Of(run, 0, [.. Enumerable.Range(0, 40)]).Batches!;
        double draws = batches.Draws.Sum();
        double[] phi =
        [
            .. batches.Labels.Select((label, b) => Phi(label, batches.Draws[..b].TakeLast(label.Batch).Sum(), batches.Draws[b])),
        ];
        double phiMean = Mean(phi);
        double[] expected = new double[40];
        double[] actual = new double[40];
        for (int i = 0; i < 40; i++)
        {
            double[] shift = [.. batches.Labels.Select(label => (double)run.Data.Batches!.ShiftRow(1, label.Unit, label.Batch).Span[i])];
            double covariance = Mean([.. phi.Zip(shift, (p, d) => (p - phiMean) * (d - Mean(shift)))]) / (batches.Draws.Length - 1);
            expected[i] = run.Data.Response.Values(ResponsePart.Covariance)[i] - covariance;
            actual[i] = Mean([.. batches.Values.Select(row => row[i])]);
        }

        double average = expected.Average();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First - average, pair.Second, 1e-5));

        double Mean(double[] values) => values.Zip(batches.Draws, (value, count) => count * value / draws).Sum();

        double Phi((int Unit, int Batch) label, int first, int count) =>
            run.Data.Trace(1, label.Unit)[first..(first + count)].ToArray().Average() - run.Data.InitLossMean;
    }

    [Fact]
    public void Runs_of_other_settings_have_slopes_but_none_is_expected()
    {
        CovarianceAgreement found = CovarianceAgreement.Of(
            KnownCovariance.Run(CovarianceEstimator.Response, 1, 0.2, 1, 4, 1),
            KnownCovariance.Run(CovarianceEstimator.Response, 1, 0.2, 1, 4, 1, new SamplingOptions { Localization = 100, Seed = 1 })
        );
        Assert.Contains("localization 1000 and 100", found.WhyNoneExpected, StringComparison.Ordinal);
        Assert.Null(found.Components[0].Expected);
        Assert.Equal(double.NaN, found.Components[0].Z);
        Assert.True(found.SharedNoise);
    }

    [Fact]
    public void Runs_that_observe_something_else_are_not_expected_to_agree()
    {
        ComparedRun loss = KnownCovariance.Run(CovarianceEstimator.Response, 1, 0.2, 1, 4, 1);
        ComparedRun probe = loss with
        {
            Run = loss.Run with { Manifest = loss.Run.Manifest with { Observable = new ObservableRecord("p", null, 7) } },
        };
        Assert.Contains("other observables", CovarianceAgreement.Of(loss, probe).WhyNoneExpected, StringComparison.Ordinal);
        Assert.Null(CovarianceAgreement.Of(probe, probe).WhyNoneExpected);
    }

    [Fact]
    public void A_regressor_of_noise_alone_has_no_slope()
    {
        ComponentSlope[] slopes =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(seed =>
                    CovarianceAgreement
                        .Of(
                            KnownCovariance.Run(CovarianceEstimator.Response, 0, 1, 1, 4, seed),
                            KnownCovariance.Run(CovarianceEstimator.Product, 1, 1, 1, 4, seed + 100)
                        )
                        .Components[0]
                ),
        ];
        ComponentSlope none = slopes.First(slope => double.IsNaN(slope.Slope));
        Assert.Contains("no more than noise", none.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_a_sentence()
    {
        ComparedRun run = KnownCovariance.Run(CovarianceEstimator.Response, 1, 1, 1, 2, 1);
        ComparedRun Other() => KnownCovariance.Run(CovarianceEstimator.Product, 1, 1, 1, 2, 2);

        ComparedRun tokens = Other();
        tokens.Run.Data.Tokens.Id[3] = 7;
        AssertRefused("follow different tokens", tokens);
        ComparedRun model = Other();
        model.Run.Data.Tokens.InitLoss[3] = 7;
        AssertRefused("of different models", model);
        ComparedRun components = Other();
        AssertRefused(
            "no component in common: l0h0 and l1h0",
            components with
            {
                Run = components.Run with { Manifest = components.Run.Manifest with { Components = ["l1h0"] } },
            }
        );
        ComparedRun parts = Other();
        AssertRefused(
            "holds excess alone",
            parts with
            {
                Run = parts.Run with { Manifest = parts.Run.Manifest with { Parts = ["excess"] } },
            }
        );
        RunShape old = run.Run.Manifest.Shape with { Batches = 0, SampledTokens = 0 };
        AssertRefused(
            "keeps no batch means",
            run with
            {
                Run = new SusceptibilityRun(run.Run.Manifest with { Shape = old }, new SusceptibilityData(old)),
            }
        );

        void AssertRefused(string sentence, ComparedRun other)
        {
            Assert.Contains(
                sentence,
                Assert.Throws<InputException>(() => CovarianceAgreement.Of(run, other)).Message,
                StringComparison.Ordinal
            );
            Assert.Contains(
                sentence.Replace("l0h0 and l1h0", "l1h0 and l0h0", StringComparison.Ordinal),
                Assert.Throws<InputException>(() => CovarianceAgreement.Of(other, run)).Message,
                StringComparison.Ordinal
            );
        }
    }
}

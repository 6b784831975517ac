using Curie.Development.Stages;
using Curie.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Development.Tests.Stages;

public sealed class GaussianProcessTests
{
    private static readonly double[] Steps = [0, 1, 3, 7, 12, 20, 40, 90];
    private static readonly double[] Values = [1, 2, 2.5, 1.5, 1, 3, 4, 4.5];
    private static readonly double[] Errors = [0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 0.1, 0.1];

    /// <summary>
    /// A constant of which nothing is known is the limit of one with a wide Gaussian prior. With a variance of 1e4 the textbook formula,
    /// the inverse of the
    /// whole covariance, differs from the limit by (the constant's posterior variance of about 2)/1e4 of the values of about 2.5, and by
    /// 1e4²·1e-16/0.1 from rounding.
    /// </summary>
    [Fact]
    public void The_posterior_is_that_of_the_textbook_formula_with_a_wide_prior_on_the_constant()
    {
        const double Constant = 1e4;
        DevelopmentCurve curve = new("curve", Steps, Values, Errors);
        double[] x = curve.LogSteps;
        double[] at = [0.3, 1.7, 3.9];
        double Kernel(double a, double b) => 4 * Math.Exp(-(a - b) * (a - b) / (2 * 0.8 * 0.8));
        Matrix<double> inverse = Matrix<double>
            .Build.Dense(8, 8, (i, j) => Constant + Kernel(x[i], x[j]) + (i == j ? (Errors[i] * Errors[i]) + 0.09 : 0))
            .Inverse();
        Matrix<double> cross = Matrix<double>.Build.Dense(3, 8, (i, j) => Constant + Kernel(at[i], x[j]));
        Vector<double> mean = cross * inverse * Vector<double>.Build.DenseOfArray(Values);
        Matrix<double> covariance =
            Matrix<double>.Build.Dense(3, 3, (i, j) => Constant + Kernel(at[i], at[j])) - (cross * inverse * cross.Transpose());

        CurvePosterior posterior = GaussianProcess.With(curve, amplitudeDeviation: 2, lengthScale: 0.8, noiseDeviation: 0.3).Values(at);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(mean[i], posterior.Mean[i], 1e-3);
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(covariance[i, j], posterior.Covariance[i, j], 1e-3);
            }
        }
    }

    /// <summary>
    /// Central differences over 2h = 2e-3: their error is h²/6·f‴, about 1e-6 here, and for variances the same relative to their size;
    /// cancellation of 1e-13
    /// over h² adds 1e-7.
    /// </summary>
    [Fact]
    public void The_slope_posterior_is_the_derivative_of_the_value_posterior()
    {
        GaussianProcess process = GaussianProcess.With(new DevelopmentCurve("curve", Steps, Values, Errors), 2, 0.8, 0.3);
        double[] at = [0.3, 1.7, 3.9];
        const double H = 1e-3;
        CurvePosterior values = process.Values([.. at.SelectMany(x => new[] { x - H, x + H })]);
        CurvePosterior slopes = process.Slopes(at);
        for (int i = 0; i < at.Length; i++)
        {
            (double rise, double error) = values.Difference(2 * i, (2 * i) + 1);
            Assert.Equal(rise / (2 * H), slopes.Mean[i], 1e-4);
            Assert.Equal(error / (2 * H), slopes.StandardDeviations[i], 1e-3);
        }
    }

    /// <summary>
    /// The noise of 60 points has a relative standard error of about 1/√(2·60) = 9 %; within 4 of those. A sine over a full turn is best
    /// described by
    /// lengths between 1 and 3.
    /// </summary>
    [Fact]
    public void The_fit_finds_the_noise_that_was_added()
    {
        GaussianProcess unknown = GaussianProcess.Fit(KnownCurve.Sine(replicate: 1, checkpoints: 60, noise: 0.8, errorsAreKnown: false));
        GaussianProcess known = GaussianProcess.Fit(KnownCurve.Sine(replicate: 1, checkpoints: 60, noise: 0.8, errorsAreKnown: true));

        Assert.InRange(unknown.NoiseDeviation, 0.8 * 0.64, 0.8 * 1.36);
        Assert.InRange(unknown.LengthScale, 1, 3);

        // With its errors known, what is left to fit is nothing, or what the chance of these 60 makes: √(1.36² − 1) of it.
        Assert.InRange(known.NoiseDeviation, 0, 0.8 * 0.93);
    }

    [Fact]
    public void A_constant_curve_is_fitted_by_itself()
    {
        CurvePosterior posterior = GaussianProcess.Fit(new DevelopmentCurve("curve", Steps, [.. Steps.Select(_ => 3.0)])).Values([0.5, 2]);
        Assert.All(posterior.Mean, mean => Assert.Equal(3, mean, 1e-9));
    }

    [Fact]
    public void A_curve_with_few_checkpoints_or_a_hole_is_refused()
    {
        Assert.Contains(
            "at least 8",
            Assert.Throws<InputException>(() => new DevelopmentCurve("loss", Steps[1..], Values[1..])).Message,
            StringComparison.Ordinal
        );
        double[] hole = [.. Values];
        hole[3] = double.NaN;
        Assert.Contains(
            "step 7",
            Assert.Throws<InputException>(() => new DevelopmentCurve("loss", Steps, hole)).Message,
            StringComparison.Ordinal
        );
        double[] back = [.. Steps];
        back[3] = 3;
        Assert.Contains(
            "not above",
            Assert.Throws<InputException>(() => new DevelopmentCurve("loss", back, Values)).Message,
            StringComparison.Ordinal
        );
    }
}

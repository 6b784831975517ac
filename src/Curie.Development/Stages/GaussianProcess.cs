using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Curie.Development.Stages;

/// <summary>
/// A curve over log step, smoothed by the Gaussian process of <see cref="MarginalLikelihood"/>, whose amplitude, length scale and noise
/// variance
/// maximise the marginal likelihood. Known standard errors are part of the noise; what they leave unexplained is fitted.
/// </summary>
public sealed class GaussianProcess
{
    private const double Tolerance = 1e-7;
    private const int MostIterations = 400;
    private static readonly double[] GridLengths = [0.25, 0.5, 1, 2, 4];
    private static readonly double[] GridNoises = [1e-6, 1e-4, 1e-2, 0.3];
    private readonly MarginalLikelihood _model;
    private readonly double _scale;
    private readonly double _centre;

    private GaussianProcess(MarginalLikelihood model, double length, double noise, double scale, double centre)
    {
        _model = model;
        _scale = scale;
        _centre = centre;
        LengthScale = length;
        AmplitudeDeviation = scale * Math.Sqrt(model.Amplitude);
        NoiseDeviation = scale * Math.Sqrt(noise);
    }

    /// <summary>l, log steps.</summary>
    public double LengthScale { get; }

    /// <summary>√c, in the values' unit.</summary>
    public double AmplitudeDeviation { get; }

    /// <summary>The standard deviation √v of the noise beyond the known standard errors, in the values' unit.</summary>
    public double NoiseDeviation { get; }

    /// <summary>The log marginal likelihood of the values in units of their standard deviation.</summary>
    public double LogMarginalLikelihood => _model.Log;

    /// <summary>Fits a curve.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="options">Bounds of what is fitted.</param>
    public static GaussianProcess Fit(DevelopmentCurve curve, GaussianProcessOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curve);
        options ??= new GaussianProcessOptions();
        double[] x = curve.LogSteps;
        double centre = curve.Values.Average();
        double variance = curve.Values.Sum(value => (value - centre) * (value - centre)) / curve.Values.Length;
        double scale = variance > 0 ? Math.Sqrt(variance) : 1;
        double[] y = Array.ConvertAll(curve.Values, value => (value - centre) / scale);
        double[] known = [.. (curve.StandardErrors ?? new double[y.Length]).Select(error => error * error / (scale * scale))];
        Vector<double> best = Refine(x, y, known, options);
        (double amplitude, double length, double noise) = Settings(best, options);
        return new GaussianProcess(new MarginalLikelihood(x, y, known, amplitude, length, noise), length, noise, scale, centre);
    }

    /// <summary>A process with given settings, in the values' unit.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="amplitudeDeviation">√c.</param>
    /// <param name="lengthScale">l.</param>
    /// <param name="noiseDeviation">√v.</param>
    public static GaussianProcess With(DevelopmentCurve curve, double amplitudeDeviation, double lengthScale, double noiseDeviation)
    {
        ArgumentNullException.ThrowIfNull(curve);
        double[] known = [.. (curve.StandardErrors ?? new double[curve.Values.Length]).Select(error => error * error)];
        double noise = noiseDeviation * noiseDeviation;
        MarginalLikelihood model = new(curve.LogSteps, curve.Values, known, amplitudeDeviation * amplitudeDeviation, lengthScale, noise);
        return new GaussianProcess(model, lengthScale, noise, 1, 0);
    }

    /// <summary>The posterior of m + f, free of noise, at log steps x: mean m̂ + k(x)ᵀK⁻¹(y − m̂).</summary>
    public CurvePosterior Values(double[] x) => Posterior(x, _model.Kernel, _model.Kernel, 1, _centre + (_scale * _model.Mean));

    /// <summary>The posterior of f′, per log step, at log steps x.</summary>
    public CurvePosterior Slopes(double[] x) => Posterior(x, _model.SlopeKernel, _model.SlopeSlopeKernel, 0, 0);

    private CurvePosterior Posterior(double[] x, Func<double, double> cross, Func<double, double> own, double constant, double mean)
    {
        ArgumentNullException.ThrowIfNull(x);
        Matrix<double> covariances = _model.Cross(x, cross);
        Matrix<double> solved = _model.Factor.Solve(covariances);

        // What is not known of the constant adds R·Rᵀ/A with R = H(x) − 1ᵀK⁻¹k(x), H = 1 for values and 0 for slopes.
        Vector<double> rest = constant - (covariances.TransposeThisAndMultiply(_model.OnesSolved));
        Matrix<double> posterior =
            Matrix<double>.Build.Dense(x.Length, x.Length, (i, j) => own(x[i] - x[j]))
            - covariances.TransposeThisAndMultiply(solved)
            + (rest.OuterProduct(rest) / _model.Precision);
        posterior = (posterior + posterior.Transpose()) * (0.5 * _scale * _scale);
        Vector<double> fitted = covariances.TransposeThisAndMultiply(_model.Weights);
        return new CurvePosterior(x, [.. fitted.Select(value => mean + (_scale * value))], posterior);
    }

    private static Vector<double> Refine(double[] x, double[] y, double[] known, GaussianProcessOptions options)
    {
        double Cost(Vector<double> point)
        {
            (double amplitude, double length, double noise) = Settings(point, options);

            // Outside the bounds the nearest point inside counts, and the way there costs, so that the simplex turns back.
            Vector<double> inside = Vector<double>.Build.Dense([Math.Log(amplitude), Math.Log(length), Math.Log(noise)]);
            return (point - inside).L2Norm() - new MarginalLikelihood(x, y, known, amplitude, length, noise).Log;
        }

        IEnumerable<Vector<double>> starts =
            from length in GridLengths
            from noise in GridNoises
            let point = Vector<double>.Build.Dense([0, Math.Log(length), Math.Log(noise)])
            orderby Cost(point)
            select point;
        return starts.Take(options.Starts).ToArray().Select(start => Minimize(Cost, start)).MinBy(Cost)!;
    }

    private static Vector<double> Minimize(Func<Vector<double>, double> cost, Vector<double> start)
    {
        Vector<double> best = start;
        double least = double.PositiveInfinity;
        double Remember(Vector<double> point)
        {
            double value = cost(point);
            if (value < least)
            {
                (least, best) = (value, point.Clone());
            }

            return value;
        }

        try
        {
            NelderMeadSimplex.Minimum(
                ObjectiveFunction.Value(Remember),
                start,
                Vector<double>.Build.Dense(start.Count, 1),
                Tolerance,
                MostIterations
            );
        }
        catch (MaximumIterationsException)
        {
            // A flat likelihood, as of noise that is not there, is never pinned down; the best point seen serves.
        }

        return best;
    }

    private static (double Amplitude, double Length, double Noise) Settings(Vector<double> logarithms, GaussianProcessOptions options) =>
        (
            Math.Exp(Math.Clamp(logarithms[0], Math.Log(options.LeastAmplitude), Math.Log(options.GreatestAmplitude))),
            Math.Exp(Math.Clamp(logarithms[1], Math.Log(options.ShortestLength), Math.Log(options.LongestLength))),
            Math.Exp(Math.Clamp(logarithms[2], Math.Log(options.LeastNoise), Math.Log(options.GreatestNoise)))
        );
}

using Curie.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// What a run of SGLD on a quadratic must measure: λ = nβ(E[L] − L(w*)) and the standard error of its estimate, exact in the step size.
/// </summary>
/// <remarks>
/// In the eigenbasis of H with eigenvalues h, u = w − w* and g = ∇L(w*), every mode is a first-order autoregression,
/// u ← ρu − (ε/2)(nβ(g + sξ) + δw*) + √ε·σ·η with a = nβh + γ + δ and ρ = 1 − εa/2. Hence mean μ = −(nβg + δw*)/a, variance
/// v = (εσ² + (εnβ/2)²s²)/(εa − ε²a²/4), and E[L − L0] = gμ + ½h(v + μ²). For g = 0, s = 0, σ = 1 this is
/// ½ Σ nβh/(a(1 − εa/4)). Started at u = 0, after t updates the mean is μ(1 − ρᵗ) and the variance v(1 − ρ²ᵗ).
/// </remarks>
public sealed class QuadraticTruth
{
    private readonly SamplingOptions _options;
    private readonly double _noiseVariance;
    private readonly double[] _curvatures;
    private readonly double[] _gradients;
    private readonly double[] _origins;

    private QuadraticTruth(SamplingOptions options, double noiseVariance, double[] curvatures, double[] gradients, double[] origins)
    {
        _origins = origins;
        _options = options;
        _noiseVariance = noiseVariance;
        _curvatures = curvatures;
        _gradients = gradients;
    }

    /// <summary>The truth for <paramref name="surface"/> sampled with <paramref name="options"/>.</summary>
    /// <param name="surface">The quadratic.</param>
    /// <param name="options">How it is sampled.</param>
    /// <param name="gradientNoiseVariance">s² of <see cref="MinibatchNoise"/>; 0 for full batch.</param>
    /// <param name="coordinates">The coordinates that move, as in <see cref="CoordinateSubset"/>; empty for all.</param>
    /// <exception cref="InputException">A mode has no stationary law: nβh + γ ≤ 0, or ε(nβh + γ) ≥ 4.</exception>
    public static QuadraticTruth Of(
        QuadraticSurface surface,
        SamplingOptions options,
        double gradientNoiseVariance = 0,
        ReadOnlySpan<int> coordinates = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(options);
        int[] kept = coordinates.IsEmpty ? [.. Enumerable.Range(0, surface.Dimension)] : coordinates.ToArray();
        double[] hessian = surface.Hessian.ToArray();
        double[] gradient = surface.GradientAtOrigin();
        float[] origin = new float[surface.Dimension];
        surface.CopyOrigin(origin);
        Matrix<double> restricted = Matrix<double>.Build.Dense(kept.Length, kept.Length, (i, j) =>
            hessian[(kept[i] * surface.Dimension) + kept[j]]
        );
        Evd<double> modes = restricted.Evd(Symmetricity.Symmetric);
        double[] InModes(Func<int, double> element) =>
            modes.EigenVectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(kept.Length, i => element(kept[i]))).ToArray();
        double[] curvatures = [.. modes.EigenValues.Select(value => value.Real)];
        foreach (double curvature in curvatures)
        {
            double rate = (options.NBeta * curvature) + options.Localization + options.WeightDecay;
            if (rate <= 0 || options.StepSize * rate >= 4)
            {
                throw new InputException(
                    $"a mode of curvature {curvature} has no stationary law with nbeta {options.NBeta}, localization "
                        + $"{options.Localization} and step_size {options.StepSize}: keep nbeta × curvature + "
                        + $"localization{(options.WeightDecay > 0 ? " + weight_decay" : "")} above 0, and below 4/step_size."
                );
            }
        }

        return new QuadraticTruth(options, gradientNoiseVariance, curvatures, InModes(i => gradient[i]), InModes(i => origin[i]));
    }

    /// <summary>
    /// λ of a stationary thermostat (<see cref="Sampler.Sgnht"/>) at this step size. Without gradient noise it is
    /// <see cref="ContinuousTime"/>.
    /// </summary>
    /// <exception cref="InputException">The gradient noise is too strong for the step.</exception>
    public double Thermostat()
    {
        double temperature = _options.NoiseLevel * _options.NoiseLevel;
        double kick = _options.StepSize * _options.NBeta * _options.NBeta * _noiseVariance / temperature;
        double[] rates = [.. _curvatures.Select(h => (_options.NBeta * h) + _options.Localization + _options.WeightDecay)];
        ThermostatTruth truth = ThermostatTruth.Of(rates, _options.StepSize, _options.Thermostat.Friction, kick);
        int mode = 0;
        return Sum((h, g, a, mean) => Excess(h, g, mean, temperature * truth.Variances[mode++]));
    }

    /// <summary>λ in the limit ε → 0 without gradient noise: the localised posterior itself.</summary>
    public double ContinuousTime() => Sum((h, g, a, mean) => Excess(h, g, mean, _options.NoiseLevel * _options.NoiseLevel / a));

    /// <summary>λ of a stationary chain at this step size.</summary>
    public double Stationary() => Sum((h, g, a, mean) => Excess(h, g, mean, Variance(a)));

    /// <summary>The expectation of the average over exactly the draws that a run from w* takes, burn-in and spacing included.</summary>
    public double OverDraws() =>
        Sum(
            (h, g, a, mean) =>
            {
                double variance = Variance(a);
                double factor = 1 - (_options.StepSize * a / 2);
                double sum = 0;
                for (int draw = 0; draw < _options.Draws; draw++)
                {
                    double decay = Math.Pow(factor, _options.UpdatesAtDraw(draw));
                    sum += Excess(h, g, mean * (1 - decay), variance * (1 - (decay * decay)));
                }

                return sum / _options.Draws;
            }
        );

    /// <summary>
    /// The standard error of λ̂ from N = chains × draws stationary draws. With r = ρ^spacing, the quadratic part of a mode has variance
    /// 2(½nβhv)² and integrated autocorrelation time (1 + r²)/(1 − r²), the linear part (nβ(g + hμ))²v and (1 + r)/(1 − r).
    /// </summary>
    public double StandardError()
    {
        double variance = Sum(
            (h, g, a, mean) =>
            {
                double v = Variance(a);
                double slope = _options.NBeta * (g + (h * mean));
                double curve = 0.5 * _options.NBeta * h * v;
                double r = Math.Pow(1 - (_options.StepSize * a / 2), _options.StepsBetweenDraws);
                return (slope * slope * v * (1 + r) / (1 - r)) + (2 * curve * curve * (1 + (r * r)) / (1 - (r * r)));
            }
        );
        return Math.Sqrt(variance / ((double)_options.Chains * _options.Draws));
    }

    private double Excess(double h, double g, double mean, double variance) =>
        _options.NBeta * ((g * mean) + (0.5 * h * (variance + (mean * mean))));

    private double Variance(double a)
    {
        double step = _options.StepSize;
        double kick = step * _options.NBeta / 2;
        double injected = (step * _options.NoiseLevel * _options.NoiseLevel) + (kick * kick * _noiseVariance);
        return injected / ((step * a) - (step * step * a * a / 4));
    }

    private double Sum(Func<double, double, double, double, double> term)
    {
        double sum = 0;
        for (int i = 0; i < _curvatures.Length; i++)
        {
            double rate = (_options.NBeta * _curvatures[i]) + _options.Localization + _options.WeightDecay;
            sum += term(
                _curvatures[i],
                _gradients[i],
                rate,
                -((_options.NBeta * _gradients[i]) + (_options.WeightDecay * _origins[i])) / rate
            );
        }

        return sum;
    }
}

using Curie.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// The response on a quadratic loss with P = bᵀw + ½wᵀBw and e = cᵀw + ½wᵀDw, exact at any step size and any strength of the perturbation.
/// </summary>
/// <remarks>
/// With A = nβH + γ and w* = 0 the chain perturbed by s·P is the linear recursion w ← w − (ε/2)[(A + sB)w + nβ·g + s·b] + noise, g = ∇L(0),
/// so its law is normal with
/// <code>
/// μ_s = −(A + sB)⁻¹(nβ·g + s·b),   S_s = (σ² + ε(nβ)²ν/4)·[A_s(1 − εA_s/4)]⁻¹,   A_s = A + sB ,
/// </code>
/// ν the variance of the gradient's noise, and ⟨e⟩_s = cᵀμ_s + ½(tr DS_s + μ_sᵀDμ_s). At s → 0, without gradient noise and with σ = 1,
/// <code>
/// d⟨e⟩/ds = −(c + Dμ)ᵀA⁻¹(b + Bμ) − ½·tr[D·S(B − (ε/4)(AB + BA))S] ,
/// </code>
/// symmetric in P and e. In one dimension around the minimum the linear part is −bc/a, the posterior's own value at every ε, and the
/// quadratic one
/// −½BD(1 − εa/2)/(a(1 − εa/4))² = −½BD/a²·(1 + O(ε²)). The covariance of the same chain is larger by 1/(1 − εa/4) and 1/(1 − εa/2).
/// Gradient noise multiplies S
/// by its heat T = 1 + ε(nβ)²ν/(4σ²): the linear response has none of it and the linear product one factor, the quadratic response one and
/// the quadratic product two.
/// </remarks>
internal sealed class QuadraticResponseTruth : IResponseTruth
{
    private readonly Matrix<double> _rates;
    private readonly Vector<double> _pull;
    private readonly double _step;
    private readonly double _temperature;
    private readonly double _noise;
    private readonly double _observableNoise;
    private readonly Form _observable;
    private readonly Form _data;

    /// <summary>The truth for a loss, both observables in the same weights around w* = 0.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="observable">P.</param>
    /// <param name="data">e.</param>
    /// <param name="options">How it is sampled: by SGLD.</param>
    /// <param name="gradientNoise">ν of <see cref="MinibatchNoise"/>; 0 for full batch.</param>
    /// <param name="observableNoise">The variance of noise on each element of the observable's gradient, which heats the shadow by ε·s²/4
    /// times itself.</param>
    /// <exception cref="InputException">A direction has no stationary law.</exception>
    public QuadraticResponseTruth(
        QuadraticSurface loss,
        QuadraticObservable observable,
        QuadraticObservable data,
        SamplingOptions options,
        double gradientNoise = 0,
        double observableNoise = 0
    )
    {
        // It refuses what has no law.
        QuadraticTruth.Of(loss, options, gradientNoise);
        int dimension = loss.Dimension;
        _rates = (options.NBeta * Square(loss.Hessian, dimension)) + (options.Localization * Matrix<double>.Build.DenseIdentity(dimension));
        _pull = options.NBeta * Vector<double>.Build.Dense(loss.GradientAtOrigin());
        _step = options.StepSize;
        _noise = options.NoiseLevel * options.NoiseLevel;
        _temperature = _noise + (_step * options.NBeta * options.NBeta * gradientNoise / 4);
        _observableNoise = observableNoise;
        _observable = Form.Of(observable);
        _data = Form.Of(data);
    }

    /// <inheritdoc/>
    public double Deviation(bool ofData)
    {
        Form form = ofData ? _data : _observable;
        return Math.Sqrt(Covariance(form, form));
    }

    /// <inheritdoc/>
    public (double Exact, double Expected) Response(double strength, bool reversed)
    {
        (Form p, Form e) = reversed ? (_data, _observable) : (_observable, _data);
        (Vector<double> mean, Matrix<double> covariance) = Law(p, 0);
        Matrix<double> bend = p.Curvature - (_step / 4 * ((_rates * p.Curvature) + (p.Curvature * _rates)));
        double linear = e.SlopeAt(mean) * _rates.Solve(p.SlopeAt(mean));
        double quadratic = (e.Curvature * covariance * bend * covariance).Trace() / (2 * _temperature);
        double exact = -_noise * (linear + quadratic);
        return (exact, _noise * (Mean(p, e, strength) - Mean(p, e, 0)) / strength);
    }

    /// <inheritdoc/>
    public (double Exact, double Expected) Product()
    {
        double product = -Covariance(_observable, _data);
        return (product, product);
    }

    private static Matrix<double> Square(ReadOnlySpan<double> rows, int dimension)
    {
        double[] values = rows.ToArray();
        return Matrix<double>.Build.Dense(dimension, dimension, (i, j) => values[(i * dimension) + j]);
    }

    private (Vector<double> Mean, Matrix<double> Covariance) Law(Form perturbation, double strength)
    {
        Matrix<double> rates = _rates + (strength * perturbation.Curvature);
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(rates.RowCount);
        double temperature = _temperature + (_step * strength * strength * _observableNoise / 4);
        return (-rates.Solve(_pull + (strength * perturbation.Slope)), temperature * (rates * (identity - (_step / 4 * rates))).Inverse());
    }

    private double Mean(Form perturbation, Form e, double strength)
    {
        (Vector<double> mean, Matrix<double> covariance) = Law(perturbation, strength);
        return (e.Slope * mean) + (((e.Curvature * covariance).Trace() + (mean * (e.Curvature * mean))) / 2);
    }

    private double Covariance(Form first, Form second)
    {
        (Vector<double> mean, Matrix<double> s) = Law(first, 0);
        return (first.SlopeAt(mean) * (s * second.SlopeAt(mean))) + ((first.Curvature * s * second.Curvature * s).Trace() / 2);
    }

    private sealed record Form(Vector<double> Slope, Matrix<double> Curvature)
    {
        public static Form Of(QuadraticObservable observable) =>
            new(Vector<double>.Build.Dense(observable.Slope.ToArray()), Square(observable.Curvature, observable.Dimension));

        public Vector<double> SlopeAt(Vector<double> w) => Slope + (Curvature * w);
    }
}

using Curie.Numerics.Random;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// Samples the localised posterior of a <see cref="LinearNetworkSurface"/> without any step size, by Gibbs' method: given the others, one
/// layer X is Gaussian. With A the product above it, B the product below it and c = 2nβ/N, its precision is c·AᵀA ⊗ BBᵀ + γ, which the
/// eigenvectors of AᵀA and BBᵀ make diagonal. An independent truth for chains that follow gradients.
/// </summary>
public sealed class LinearNetworkGibbs
{
    private readonly int _rank;
    private readonly double _c;
    private readonly double _localization;
    private readonly PhiloxStream _random;
    private readonly Matrix<double>[] _origins;
    private readonly Matrix<double>[] _layers;
    private readonly Matrix<double> _target;

    /// <summary>A sampler at w*.</summary>
    /// <param name="surface">The network.</param>
    /// <param name="nbeta">nβ.</param>
    /// <param name="localization">γ, above 0.</param>
    /// <param name="seed">The seed.</param>
    public LinearNetworkGibbs(LinearNetworkSurface surface, double nbeta, double localization, long seed)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(localization);
        int[] widths = surface.Widths.ToArray();
        _rank = surface.Rank;
        _c = 2 * nbeta / widths[^1];
        _localization = localization;
        _random = new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.LangevinNoise, "gibbs", 0));
        _origins = [.. Enumerable.Range(0, widths.Length - 1).Select(layer => Diagonal(widths[layer + 1], widths[layer]))];
        _layers = [.. _origins.Select(origin => origin.Clone())];
        _target = Diagonal(widths[^1], widths[0]);
    }

    /// <summary>The largest curvature that a layer had at its last draw, nβ·∂²K + γ.</summary>
    public double Steepest { get; private set; }

    /// <summary>Draws every layer anew.</summary>
    public void Sweep()
    {
        Steepest = 0;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            Matrix<double> above = Product(layer + 1, _layers.Length);
            Matrix<double> below = Product(0, layer);
            Matrix<double> squareAbove = above.TransposeThisAndMultiply(above);
            Matrix<double> squareBelow = below.TransposeAndMultiply(below);
            Evd<double> up = squareAbove.Evd(Symmetricity.Symmetric);
            Evd<double> down = squareBelow.Evd(Symmetricity.Symmetric);
            Matrix<double> pull =
                (_c * above.TransposeThisAndMultiply(_target).TransposeAndMultiply(below)) + (_localization * _origins[layer]);
            Matrix<double> rotated = up.EigenVectors.TransposeThisAndMultiply(pull) * down.EigenVectors;
            Matrix<double> drawn = rotated.MapIndexed(
                (i, j, value) =>
                {
                    double precision = (_c * Math.Max(up.EigenValues[i].Real, 0) * Math.Max(down.EigenValues[j].Real, 0)) + _localization;
                    Steepest = Math.Max(Steepest, precision);
                    return (value / precision) + (_random.NextGaussian() / Math.Sqrt(precision));
                }
            );
            _layers[layer] = (up.EigenVectors * drawn).TransposeAndMultiply(down.EigenVectors);
        }
    }

    /// <summary>nβK of the weights as they are.</summary>
    public double Loss()
    {
        Matrix<double> error = Product(0, _layers.Length) - _target;
        return _c / 2 * SquareNorm(error);
    }

    /// <summary>
    /// ¼|∇U|² − ½ΔU, U = nβK + (γ/2)‖w − w*‖²: what a step of SGLD changes in the law to first order
    /// (<see cref="CrossingTruth.StepBias"/>).
    /// </summary>
    public double StepChange()
    {
        Matrix<double> error = Product(0, _layers.Length) - _target;
        double slope = 0;
        double laplacian = 0;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            Matrix<double> above = Product(layer + 1, _layers.Length);
            Matrix<double> below = Product(0, layer);
            Matrix<double> gradient =
                (_c * above.TransposeThisAndMultiply(error).TransposeAndMultiply(below))
                + (_localization * (_layers[layer] - _origins[layer]));
            slope += SquareNorm(gradient);
            laplacian +=
                (_c * SquareNorm(above) * SquareNorm(below)) + (_localization * _layers[layer].RowCount * _layers[layer].ColumnCount);
        }

        return (slope / 4) - (laplacian / 2);
    }

    private static double SquareNorm(Matrix<double> matrix) => matrix.Enumerate().Sum(value => value * value);

    private Matrix<double> Diagonal(int rows, int columns) =>
        Matrix<double>.Build.Dense(rows, columns, (i, j) => i == j && i < _rank ? 1 : 0);

    /// <summary>W_{end−1}…W_first; the identity where there is no layer.</summary>
    private Matrix<double> Product(int first, int end)
    {
        if (first == end)
        {
            return Matrix<double>.Build.DenseIdentity(end == 0 ? _target.ColumnCount : _target.RowCount);
        }

        Matrix<double> product = _layers[first];
        for (int layer = first + 1; layer < end; layer++)
        {
            product = _layers[layer] * product;
        }

        return product;
    }
}

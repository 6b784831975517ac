using Curie.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// nβE[K] of normal crossings on a box: density e^{−nβK}, nβK = a·x^{2p}y^{2q}, on [−1, 1]². As a → ∞ it tends to min(1/2p, 1/2q), with
/// multiplicity 2 where both are equal.
/// </summary>
public static class BoxTruth
{
    private const double Deepest = -45;
    private const int Panels = 90;

    /// <summary>
    /// By quadrature, to about ten digits. Given x, with b = a·x^{2p} and s = 1/2q, ∫₀¹e^{−b·y^{2q}}dy = s·b^{−s}·γ(s, b) and
    /// ∫₀¹b·y^{2q}e^{−b·y^{2q}}dy = s·b^{−s}·γ(s + 1, b), γ the lower incomplete gamma function; over x in Gauss–Legendre panels of ln x.
    /// </summary>
    /// <param name="a">nβ·A, above 0.</param>
    /// <param name="p">p, at least 1.</param>
    /// <param name="q">q, at least 1.</param>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public static double Posterior(double a, int p, int q)
    {
        CrossingSurface.Require(a, p, q);
        double s = 1 / (2.0 * q);
        double total = Integrate(x => Inner(a * Math.Pow(x, 2 * p), s, s));
        double loss = Integrate(x => Inner(a * Math.Pow(x, 2 * p), s, s + 1));
        return loss / total;
    }

    /// <summary>
    /// The change of nβE[K] by a finite step of a chain between reflecting walls, to first order in ε: (ε/2)·Cov(nβK, f) with
    /// f = ¼|∇U|² − ½ΔU + ½∂_nU·δ(wall), U = nβK. Reflection is the chain on the plane tiled with mirror images (see
    /// <see cref="CrossingTruth.StepBias"/>); there U has a kink at each wall, −2∂_nU·δ in ΔU, half of it on either side.
    /// </summary>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public static double StepBias(double a, int p, int q, double step)
    {
        double mean = Posterior(a, p, q);
        (double[] points, double[] weights) = Nodes();
        double total = 0;
        double covariance = 0;
        for (int i = 0; i < points.Length; i++)
        {
            double x = points[i];
            for (int j = 0; j < points.Length; j++)
            {
                double y = points[j];
                double k = a * Math.Pow(x, 2 * p) * Math.Pow(y, 2 * q);
                double weight = weights[i] * weights[j] * Math.Exp(-k);
                double slopeX = 2 * p * k / x;
                double slopeY = 2 * q * k / y;
                double laplacian = (slopeX * ((2 * p) - 1) / x) + (slopeY * ((2 * q) - 1) / y);
                total += weight;
                covariance += weight * (k - mean) * ((((slopeX * slopeX) + (slopeY * slopeY)) / 4) - (laplacian / 2));
            }

            covariance += weights[i] * (Wall(a, p, q, x, mean) + Wall(a, q, p, x, mean));
        }

        return step / 2 * covariance / total;
    }

    /// <summary>
    /// ½∂_nU·(nβK − mean)·e^{−U} at a place x along the wall where the coordinate of power 2·<paramref name="normal"/> is 1.
    /// </summary>
    private static double Wall(double a, int normal, int along, double x, double mean)
    {
        double k = a * Math.Pow(x, 2 * along);
        return normal * k * (k - mean) * Math.Exp(-k);
    }

    /// <summary>Gauss–Legendre nodes of ln x in panels, as points x with weights for dx.</summary>
    private static (double[] Points, double[] Weights) Nodes()
    {
        const int panels = 40;
        const int order = 6;
        GaussLegendreRule rule = new(0, 1, order);
        double width = -Deepest / panels;
        double[] points = new double[panels * order];
        double[] weights = new double[panels * order];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = Math.Exp(Deepest + (width * ((i / order) + rule.GetAbscissa(i % order))));
            weights[i] = width * rule.GetWeight(i % order) * points[i];
        }

        return (points, weights);
    }

    /// <summary>s·b^{−s}·γ(e, b); near b = 0 by the first terms of γ(e, b) = b^e(1/e − b/(e + 1) + …).</summary>
    private static double Inner(double b, double s, double e) =>
        b < 1e-9 ? s * Math.Pow(b, e - s) * ((1 / e) - (b / (e + 1))) : s * Math.Pow(b, -s) * SpecialFunctions.GammaLowerIncomplete(e, b);

    private static double Integrate(Func<double, double> f)
    {
        double sum = 0;
        for (int panel = 0; panel < Panels; panel++)
        {
            double from = Deepest * (1 - (panel / (double)Panels));
            double to = Deepest * (1 - ((panel + 1) / (double)Panels));
            sum += GaussLegendreRule.Integrate(u => Math.Exp(u) * f(Math.Exp(u)), from, to, 16);
        }

        return sum;
    }
}

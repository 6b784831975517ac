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

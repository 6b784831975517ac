using Curie.Numerics;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// nβE[K] of normal crossings held at 0 by localisation: density e^{−U} with U = a·x^{2p}y^{2q} + γ(x² + y²)/2, a = nβ·A.
/// </summary>
public static class CrossingTruth
{
    /// <summary>
    /// For p = q = 1 in closed form: ½ + z(1 − K₁(z)/K₀(z)), z = γ²/(8a), K_ν the modified Bessel functions (integrate one coordinate,
    /// then differentiate e^z·K₀(z) by ln a).
    /// </summary>
    public static double Bilinear(double a, double localization)
    {
        Require(a, 1, 1, localization);
        double z = localization * localization / (8 * a);

        // Scaled by e^z, which cancels in the quotient and would underflow for large z.
        double quotient = MathNet.Numerics.SpecialFunctions.BesselKScaled(1, z) / MathNet.Numerics.SpecialFunctions.BesselKScaled(0, z);
        return 0.5 + (z * (1 - quotient));
    }

    /// <summary>
    /// For any powers by quadrature, to about eight digits: the trapezoidal rule over ln x and ln y, where the integrand falls off
    /// exponentially on one side and doubly so on the other.
    /// </summary>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public static double Posterior(double a, int p, int q, double localization)
    {
        Moments moments = Quadrature(a, p, q, localization);
        return moments.Loss;
    }

    /// <summary>Var(nβK), by the same quadrature.</summary>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public static double Variance(double a, int p, int q, double localization)
    {
        Moments moments = Quadrature(a, p, q, localization);
        return moments.Square - (moments.Loss * moments.Loss);
    }

    /// <summary>
    /// The change of nβE[K] by a finite step, to first order in ε: (ε/2)·Cov(nβK, ¼|∇U|² − ½ΔU). (A step of SGLD leaves
    /// e^{−U}(1 + (ε/2)(¼|∇U|² − ½ΔU)) unchanged to first order; on a quadratic this is the first term of 1/(1 − εa/4).)
    /// </summary>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public static double StepBias(double a, int p, int q, double localization, double step)
    {
        Moments moments = Quadrature(a, p, q, localization);
        return step * (moments.LossChange - (moments.Loss * moments.Change)) / 2;
    }

    /// <summary>
    /// The change of Var(nβK) by a finite step, to first order in ε, in the same law: (ε/2)·E[(nβK − E[nβK])²(f − E[f])], f = ¼|∇U|² − ½ΔU.
    /// </summary>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public static double VarianceStepBias(double a, int p, int q, double localization, double step)
    {
        Moments moments = Quadrature(a, p, q, localization);
        double mean = moments.Loss;
        double variance = moments.Square - (mean * mean);
        return step
            / 2
            * (moments.SquareChange - (2 * mean * moments.LossChange) + (mean * mean * moments.Change) - (variance * moments.Change));
    }

    private static Moments Quadrature(double a, int p, int q, double localization)
    {
        Require(a, p, q, localization);
        const double spacing = 0.08;
        double unit = 1 / Math.Sqrt(localization);
        double[] points = [.. Enumerable.Range(0, 560).Select(i => unit * Math.Exp((i - 530) * spacing))];
        double[] powerX = Array.ConvertAll(points, x => Math.Pow(x, 2 * p));
        double[] powerY = Array.ConvertAll(points, y => Math.Pow(y, 2 * q));
        double total = 0;
        double loss = 0;
        double change = 0;
        double product = 0;
        double square = 0;
        double squareProduct = 0;
        for (int i = 0; i < points.Length; i++)
        {
            double x = points[i];
            for (int j = 0; j < points.Length; j++)
            {
                double y = points[j];
                double k = a * powerX[i] * powerY[j];
                double weight = x * y * Math.Exp(-k - (localization * ((x * x) + (y * y)) / 2));
                if (weight == 0)
                {
                    continue;
                }

                double slopeX = (2 * p * k / x) + (localization * x);
                double slopeY = (2 * q * k / y) + (localization * y);
                double laplacian = (2 * p * ((2 * p) - 1) * k / (x * x)) + (2 * q * ((2 * q) - 1) * k / (y * y)) + (2 * localization);
                double f = (((slopeX * slopeX) + (slopeY * slopeY)) / 4) - (laplacian / 2);
                total += weight;
                loss += weight * k;
                change += weight * f;
                product += weight * k * f;
                square += weight * k * k;
                squareProduct += weight * k * k * f;
            }
        }

        return new Moments(loss / total, square / total, change / total, product / total, squareProduct / total);
    }

    /// <summary>Means under the posterior.</summary>
    /// <param name="Loss">Of nβK.</param>
    /// <param name="Square">Of (nβK)².</param>
    /// <param name="Change">Of f, by which a step of ε tilts the law: e^{−U}(1 + (ε/2)f).</param>
    /// <param name="LossChange">Of nβK·f.</param>
    /// <param name="SquareChange">Of (nβK)²·f.</param>
    private readonly record struct Moments(double Loss, double Square, double Change, double LossChange, double SquareChange);

    private static void Require(double a, int p, int q, double localization)
    {
        CrossingSurface.Require(a, p, q);
        if (!(double.IsFinite(localization) && localization > 0))
        {
            throw new InputException("a crossing has flat directions, so without localisation it has no law: give a localization above 0.");
        }
    }
}

using Curie.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// The stationary law of the thermostat (<see cref="Sampler.Sgnht"/>) on modes of curvature a with isotropic gradient noise, exact in the
/// step for a friction that stands still, as it does in many dimensions (its variance is κ/d).
/// </summary>
/// <remarks>
/// Given the friction ζ, the place and momentum of a mode are a linear map of themselves and of two independent normal numbers: the
/// kick's noise of variance N = ε(nβ)²s² and the refreshment's. Its stationary covariance solves three linear equations. The thermostat
/// moves ζ until
/// ‖p‖²/d, the mean of its values before and after the refreshment, is 1.
/// </remarks>
/// <param name="Friction">ζ.</param>
/// <param name="Variances">Var w of every mode, at temperature 1.</param>
public sealed record ThermostatTruth(double Friction, IReadOnlyList<double> Variances)
{
    private const double LargestFriction = 40;

    /// <summary>Finds the law.</summary>
    /// <param name="rates">a of every mode: nβh + γ + δ.</param>
    /// <param name="step">ε.</param>
    /// <param name="friction">α.</param>
    /// <param name="kickVariance">N, the variance that gradient noise adds to a momentum at every kick.</param>
    /// <exception cref="InputException">The noise is so strong that no friction cools the chain to temperature 1.</exception>
    public static ThermostatTruth Of(IReadOnlyList<double> rates, double step, double friction, double kickVariance)
    {
        ArgumentNullException.ThrowIfNull(rates);
        double Excess(double zeta) => rates.Average(rate => Mode(rate, step, friction, kickVariance, zeta).Temperature) - 1;
        double low = friction / 2;
        double high = LargestFriction;
        if (Excess(high) > 0)
        {
            throw new InputException(
                $"gradient noise of variance {kickVariance:G4} per kick is too strong for any friction: make step_size smaller."
            );
        }

        for (int halving = 0; halving < 100; halving++)
        {
            double middle = (low + high) / 2;
            (low, high) = Excess(middle) > 0 ? (middle, high) : (low, middle);
        }

        return new ThermostatTruth(low, [.. rates.Select(rate => Mode(rate, step, friction, kickVariance, low).Variance)]);
    }

    private static (double Variance, double Temperature) Mode(double rate, double step, double friction, double kickVariance, double zeta)
    {
        double keep = Math.Exp(-zeta);
        double fresh = friction * Samplers.ThermostatRule.FreshShare(zeta);
        (double UU, double UP, double PP, double Kicked) Update(double uu, double up, double pp, double noise)
        {
            double h = Math.Sqrt(step);
            double kicked = pp - (2 * h * rate * up) + (step * rate * rate * uu) + (noise * kickVariance);
            double crossed = up - (h * rate * uu);
            double moved = uu + (h * crossed) + (step / 4 * kicked);
            double after = keep * (crossed + (h / 2 * kicked));
            double refreshed = (keep * keep * kicked) + (noise * fresh);
            return (moved + (h * after) + (step / 4 * refreshed), after + (h / 2 * refreshed), refreshed, kicked);
        }

        Matrix<double> equations = Matrix<double>.Build.DenseIdentity(3);
        for (int column = 0; column < 3; column++)
        {
            (double uu, double up, double pp, _) = Update(column == 0 ? 1 : 0, column == 1 ? 1 : 0, column == 2 ? 1 : 0, 0);
            equations.SetColumn(column, equations.Column(column) - Vector<double>.Build.Dense([uu, up, pp]));
        }

        (double addedU, double addedC, double addedP, _) = Update(0, 0, 0, 1);
        Vector<double> law = equations.Solve(Vector<double>.Build.Dense([addedU, addedC, addedP]));
        double before = Update(law[0], law[1], law[2], 1).Kicked;
        return (law[0], (before + law[2]) / 2);
    }
}

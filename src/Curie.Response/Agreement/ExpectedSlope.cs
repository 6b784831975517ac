using System.Globalization;

namespace Curie.Response.Agreement;

/// <summary>
/// Where the slope of one run's covariance on another's lies if both measure the same posterior: the quotient of their
/// <see cref="DiscretizationFactor"/>s, for linear
/// and for quadratic losses, at every stiffness from that of the localisation alone, κ = γ + δ, up to a limit
/// (<see cref="StiffnessLimit"/>). It rises or falls with the
/// stiffness, so that the range's ends are at the ends. No direction is taken for stiffer than 2/ε, where a chain comes to w* in a single
/// update.
/// </summary>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest; infinite of a product on a response where nothing but the step limits the stiffness.</param>
public sealed record ExpectedSlope(double Low, double High)
{
    /// <summary>The range of one component.</summary>
    /// <param name="regressor">The run whose covariance is regressed on.</param>
    /// <param name="other">The other run; <see cref="WhyNone"/> is null.</param>
    /// <param name="most">The largest stiffness.</param>
    public static ExpectedSlope Of(ComparedRun regressor, ComparedRun other, double most)
    {
        ArgumentNullException.ThrowIfNull(regressor);
        ArgumentNullException.ThrowIfNull(other);
        double least = Rate(regressor);
        double step = Math.Max(DiscretizationFactor.Step(regressor.Sampling), DiscretizationFactor.Step(other.Sampling));
        double limit = Math.Max(least, Math.Min(most, 2 / step));
        double[] stiffnesses = double.IsFinite(limit) ? [least, limit] : [least];
        bool[] degrees = [false, true];
        double[] quotients =
        [
            .. from stiffness in stiffnesses
            from quadratic in degrees
            select Quotient(Factor(other, stiffness, quadratic), Factor(regressor, stiffness, quadratic)),
        ];
        return new ExpectedSlope(quotients.Min(), quotients.Max());
    }

    /// <summary>
    /// Why nothing is expected of two runs, because they sample other posteriors or observe something else, as half a sentence; null if
    /// something is.
    /// </summary>
    public static string? WhyNone(ComparedRun first, ComparedRun second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (string Name, double First, double Second)[] settings =
        [
            ("nbeta", first.Sampling.NBeta, second.Sampling.NBeta),
            ("localization", first.Sampling.Localization, second.Sampling.Localization),
            ("weight_decay", first.Sampling.WeightDecay, second.Sampling.WeightDecay),
            ("noise_level", first.Sampling.NoiseLevel, second.Sampling.NoiseLevel),
        ];
        string[] different =
        [
            .. settings
                .Where(setting => setting.First != setting.Second)
                .Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Name} {setting.First} and {setting.Second}")),
            .. first.Run.Data.InitLossMean == second.Run.Data.InitLossMean ? Array.Empty<string>() : ["other loss_rows"],
            .. first.Run.Manifest.Observable == second.Run.Manifest.Observable ? Array.Empty<string>() : ["other observables"],
        ];
        return different.Length == 0
            ? null
            : $"the runs have {string.Join(", ", different)}, so that their covariances are not the same number";
    }

    /// <summary>
    /// How many standard errors a slope lies outside the range, as a normal number (<see cref="Numerics.Statistics.NormalScore"/>); 0
    /// inside, NaN without an error.
    /// </summary>
    public double Z(double slope, double standardError, double degreesOfFreedom)
    {
        double outside = slope < Low ? slope - Low : Math.Max(0, slope - High);
        return outside == 0 && double.IsFinite(standardError)
            ? 0
            : Numerics.Statistics.NormalScore.Of(outside / standardError, degreesOfFreedom);
    }

    private static double Rate(ComparedRun run) => run.Sampling.Localization + run.Sampling.WeightDecay;

    private static double Factor(ComparedRun run, double stiffness, bool quadratic) =>
        DiscretizationFactor.Of(run.Run.Manifest.Estimator, run.Sampling, stiffness, quadratic);

    /// <summary>1 for equal factors, even where both vanish at the limit of the step.</summary>
    private static double Quotient(double other, double regressor) => other == regressor ? 1 : other / regressor;
}

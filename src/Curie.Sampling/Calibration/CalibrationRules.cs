using System.Globalization;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>What makes a setting sound.</summary>
public static class CalibrationRules
{
    /// <summary>
    /// Split R̂ of the few draws that a cell has; at 4 chains of 50 correlated draws, sound chains scatter up to about this.
    /// </summary>
    public const double LargestRHat = 1.1;

    /// <summary>λ̂ must be so many standard errors above zero: below, there is no signal to calibrate on.</summary>
    public const double LeastSignal = 3;

    /// <summary>|ln(λ̂/λ̂′)| between neighbours in ε, beyond three standard errors: a third more or less.</summary>
    public const double LargestStepSizeSensitivity = 0.3;

    /// <summary>
    /// The relative error of the response, √(mean SE²) over spread, from which noise outweighs the signal: its reliability is ½ there.
    /// </summary>
    public const double LargestResponseError = 1;

    /// <summary>The relative error of the response that is aimed at: a reliability of .96.</summary>
    public const double TargetResponseError = 0.2;

    private static readonly Dictionary<VerdictKind, (string Reason, string Remedy)> Unsound = new()
    {
        [VerdictKind.ChainsStopped] = ("chains were stopped", "a smaller step size or nβ, or a larger localization"),
        [VerdictKind.DidNotMove] = ("the chains did not move", "a larger step size, or many more updates"),
        [VerdictKind.StillRising] = ("the loss is still rising at the last draw", "more burn-in, or a larger localization"),
        [VerdictKind.StillFalling] = ("the loss is still falling at the last draw", "more burn-in; the checkpoint may not be at a minimum"),
        [VerdictKind.BelowInitLoss] = ("many draws lie below L0", "a larger localization or nβ, or longer training of the model"),
        [VerdictKind.AboveNullLine] = ("the loss is above the null line", "a larger localization, or a smaller nβ or step size"),
        [VerdictKind.KnowledgeLost] = ("more than half of what the model knows is lost", "a larger localization"),
        [VerdictKind.LeftBasin] = ("the chains have left the basin", "a larger localization, or a smaller nβ or step size"),
        [VerdictKind.AboveEveryMinimum] = ("λ̂ is above that of any minimum", "a larger localization, or a smaller step size"),
        [VerdictKind.Overheated] = (
            "the chains are hotter than the posterior, by minibatch noise or too large a step",
            "a smaller step size, larger minibatches, or the sampler sgnht"
        ),
        [VerdictKind.StepTooLarge] = ("the step is too large", "a smaller step size"),
        [VerdictKind.ResponseNotSettled] = ("the response did not settle", "more burn-in, or a larger localization"),
        [VerdictKind.PerturbationTooLarge] = (
            "the perturbation is too large for a linear response",
            "a smaller perturbation_strength, or a larger localization"
        ),
        [VerdictKind.DraggedAway] = ("the loss drags the chains away", "a larger localization, or a smaller nβ or step size"),
    };

    /// <summary>What speaks against a component's chains.</summary>
    public static IEnumerable<CalibrationObjection> Judge(ComponentCoefficient measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        string name = measured.Report.Component;
        foreach (VerdictKind kind in measured.Health.Verdicts.Select(verdict => verdict.Kind).Distinct().Where(Unsound.ContainsKey))
        {
            yield return new CalibrationObjection(name, Unsound[kind].Reason, Unsound[kind].Remedy);
        }

        if (measured.Health.RHat > LargestRHat)
        {
            yield return new CalibrationObjection(
                name,
                $"the chains disagree (split R̂ {Text(measured.Health.RHat)})",
                "more burn-in, or a larger localization"
            );
        }

        if (measured.Coefficient is { StandardError: double error } coefficient && !(coefficient.Value > LeastSignal * error))
        {
            yield return new CalibrationObjection(
                name,
                $"λ̂ {Text(coefficient.Value)} ± {Text(error)} is not above zero",
                "a larger nβ, more draws, or more loss rows"
            );
        }
    }

    /// <summary>What speaks against a component's response.</summary>
    public static IEnumerable<CalibrationObjection> Judge(ComponentResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!response.IsMeasured)
        {
            yield return new CalibrationObjection(
                response.Component,
                $"the response builds up too slowly (its burn-in takes {Text(response.BurnIn)} updates)",
                "a larger step size or localization"
            );
        }

        if (response.StoppedChains > 0)
        {
            yield return new CalibrationObjection(
                response.Component,
                "chains of the response were stopped",
                Unsound[VerdictKind.ChainsStopped].Remedy
            );
        }

        foreach (Verdict verdict in ShadowRules.Judge(response.Shadow, response.Nonlinearity))
        {
            yield return new CalibrationObjection(response.Component, Unsound[verdict.Kind].Reason, Unsound[verdict.Kind].Remedy);
        }

        if (response.RelativeError > LargestResponseError)
        {
            string much = response.DrawsNeeded is { } factor
                ? $"{Text(response.RelativeError)} times its spread over tokens: {Text(factor)} times as many draws bring that to "
                    + $"{Text(TargetResponseError)}"
                : "no spread over tokens is seen beyond it";
            yield return new CalibrationObjection(
                response.Component,
                $"the response is lost in its error ({much})",
                "more draws or chains"
            );
        }
    }

    /// <summary>
    /// How many times as many draws bring a relative error of the response to <see cref="TargetResponseError"/>; null where it is not
    /// finite or not known.
    /// </summary>
    public static double? DrawsNeeded(double? relativeError) =>
        relativeError is { } known && double.IsFinite(known) ? Square(known / TargetResponseError) : null;

    /// <summary>
    /// |ln(λ̂/λ̂′)| of two estimates less three standard errors of it, 0 where they agree; null unless both are positive.
    /// </summary>
    public static double? Sensitivity(LearningCoefficient? estimate, LearningCoefficient? other)
    {
        if (estimate is null || other is null || estimate.Value <= 0 || other.Value <= 0)
        {
            return null;
        }

        double error = Math.Sqrt(Square(estimate.SamplingError / estimate.Value) + Square(other.SamplingError / other.Value));
        return Math.Max(0, Math.Abs(Math.Log(estimate.Value / other.Value)) - (3 * error));
    }

    internal static string Text(double? value) => value?.ToString("G3", CultureInfo.InvariantCulture) ?? "unknown";

    private static double Square(double? value) => value is double known ? known * known : 0;
}

using System.Globalization;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>What makes a setting sound.</summary>
public static class CalibrationRules
{
    /// <summary>A burn-in of so many times the updates that were asked for is out of proportion, and nothing is sampled.</summary>
    public const int LongestBurnIn = 20;

    /// <summary>
    /// ε times the stiffness of a direction, γ + δ + nβh: at 4 and above an update w ← (1 − εa/2)·w + noise has no stationary law.
    /// </summary>
    public const double LargestStep = 4;

    /// <summary>ε(γ + δ): at 2 and above the localisation alone carries a shadow past its chain at every update.</summary>
    public const double LargestContraction = 2;

    /// <summary>The temperature that a run does not accept where it is sure of it.</summary>
    private const double DoubtfulTemperature = 1.1;

    /// <summary>The share of the knowledge that is lost beyond doubt in the coarse pass, where the limit of a run is one half.</summary>
    public const double ClearlyLost = 0.6;

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
        [VerdictKind.TooFewChains] = ("too few chains are healthy to show whether they agree", "four chains, or pairs of them"),
        [VerdictKind.TooFewDraws] = ("the draws are too few to judge", "more draws"),
        [VerdictKind.ChainsDisagree] = ("the chains disagree", "more draws, more burn-in, or a larger localization"),
        [VerdictKind.TooFewEffectiveDraws] = ("the draws are worth too few independent ones", "more draws, or a larger localization"),
        [VerdictKind.NotSettledAtStart] = ("the first draws come from before the chains settled", "more burn-in"),
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
        [VerdictKind.PerturbationTooSmall] = (
            "the perturbation is too small for float32",
            "a larger perturbation_strength, or none: then it is chosen"
        ),
        [VerdictKind.DraggedAway] = ("the loss drags the chains away", "a larger localization, or a smaller nβ or step size"),
    };

    /// <summary>Verdicts that a few draws settle; knowledge lost is another, beyond <see cref="ClearlyLost"/>.</summary>
    private static readonly HashSet<VerdictKind> Clear =
    [
        VerdictKind.ChainsStopped,
        VerdictKind.DidNotMove,
        VerdictKind.AboveNullLine,
        VerdictKind.LeftBasin,
        VerdictKind.AboveEveryMinimum,
        VerdictKind.Overheated,
        VerdictKind.StepTooLarge,
        VerdictKind.DraggedAway,
    ];

    /// <summary>Verdicts that say how far the chains went, which a weaker localisation does not cure.</summary>
    private static readonly HashSet<VerdictKind> Far =
    [
        VerdictKind.AboveNullLine,
        VerdictKind.LeftBasin,
        VerdictKind.KnowledgeLost,
        VerdictKind.DraggedAway,
    ];

    /// <summary>Verdicts that more draws may take back.</summary>
    private static readonly HashSet<VerdictKind> Scatter =
    [
        VerdictKind.TooFewChains,
        VerdictKind.TooFewDraws,
        VerdictKind.ChainsDisagree,
        VerdictKind.TooFewEffectiveDraws,
        VerdictKind.StillRising,
        VerdictKind.StillFalling,
        VerdictKind.NotSettledAtStart,
    ];

    /// <summary>What speaks against a component's chains, by the verdicts of a run.</summary>
    public static IEnumerable<CalibrationObjection> Judge(ComponentCoefficient measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        string name = measured.Report.Component;

        // Chains that drift or went too far disagree as well: the cause first.
        IEnumerable<VerdictKind> kinds = measured
            .Health.Verdicts.Select(verdict => verdict.Kind)
            .Distinct()
            .Where(Unsound.ContainsKey)
            .OrderBy(kind => kind is VerdictKind.ChainsDisagree or VerdictKind.TooFewEffectiveDraws);
        foreach (VerdictKind kind in kinds)
        {
            string found = kind switch
            {
                VerdictKind.ChainsDisagree => $" (split R̂ {Text(measured.Health.RHat)})",
                VerdictKind.TooFewEffectiveDraws => $" ({Text(measured.Health.EffectiveSampleSize)})",
                VerdictKind.KnowledgeLost => $" ({Text(100 * measured.Health.KnowledgeLost)} %)",
                _ => "",
            };
            yield return new CalibrationObjection(name, $"{Unsound[kind].Reason}{found}", Unsound[kind].Remedy);
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
        if (response.StoppedChains > 0)
        {
            yield return new CalibrationObjection(
                response.Component,
                "chains of the response were stopped",
                Unsound[VerdictKind.ChainsStopped].Remedy
            );
        }

        foreach (Verdict verdict in ShadowRules.Judge(response.Shadow, response.Nonlinearity, response.Resolution))
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

    /// <summary>What speaks against a component's chains beyond doubt, whatever their few draws.</summary>
    public static IEnumerable<CalibrationObjection> JudgeCoarsely(ComponentCoefficient measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return measured
            .Health.Verdicts.Select(verdict => verdict.Kind)
            .Distinct()
            .Where(kind => Clear.Contains(kind) || (kind == VerdictKind.KnowledgeLost && measured.Health.KnowledgeLost > ClearlyLost))
            .Select(kind => new CalibrationObjection(measured.Report.Component, Unsound[kind].Reason, Unsound[kind].Remedy));
    }

    /// <summary>
    /// Whether a component's chains went too far for a weaker localisation to be better: not where heat or too large a step, which may fall
    /// with γ, has a part in it.
    /// </summary>
    internal static bool IsTooFar(ComponentCoefficient measured)
    {
        VerdictKind[] kinds = [.. measured.Health.Verdicts.Select(verdict => verdict.Kind)];
        return kinds.Any(kind => Far.Contains(kind) && (kind != VerdictKind.KnowledgeLost || measured.Health.KnowledgeLost > ClearlyLost))
            && !IsStepTooLarge(measured);
    }

    /// <summary>Whether heat or too large a step has a part in what a component's chains did, which a smaller ε may cure.</summary>
    internal static bool IsStepTooLarge(ComponentCoefficient measured) =>
        measured.Health.Verdicts.Any(verdict =>
            verdict.Kind is VerdictKind.Overheated or VerdictKind.StepTooLarge or VerdictKind.ChainsStopped
        );

    /// <summary>
    /// The number of verdicts that more draws are unlikely to take back, and of components whose temperature, however uncertain, is above
    /// a run's limit or whose λ̂ is not positive.
    /// </summary>
    /// <param name="cell">A cell of the coarse pass.</param>
    internal static int Doubts(CalibrationCell cell) =>
        cell.Coefficients.Sum(measured =>
            measured.Health.Verdicts.Count(verdict => Unsound.ContainsKey(verdict.Kind) && !Scatter.Contains(verdict.Kind))
        )
        + cell.Responses.Sum(response => ShadowRules.Judge(response.Shadow, response.Nonlinearity, response.Resolution).Count())
        + cell.Coefficients.Count(measured =>
            measured.Health.Temperature > DoubtfulTemperature || measured.Coefficient is not { Value: > 0 }
        );

    /// <summary>
    /// Why a setting cannot be sound, whatever a sample would say; null if it may be.
    /// </summary>
    /// <param name="options">The setting, with the draws of a run.</param>
    /// <param name="curvatures">The largest curvature of the loss by component, from below.</param>
    /// <param name="withResponse">Whether chains are coupled.</param>
    public static CalibrationObjection? Refuse(
        SamplingOptions options,
        IReadOnlyList<(string Component, double Curvature)> curvatures,
        bool withResponse
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(curvatures);
        double step = options.StepSize * options.LargestPreconditioner;
        double localization = options.Localization + options.WeightDecay;
        if (CalibrationEffort.IsTooSlow(options))
        {
            return new CalibrationObjection(
                curvatures[0].Component,
                $"chains forget too slowly (2/(εγ) is {Text(2 / (step * localization))} updates)",
                "a larger step size or localization"
            );
        }

        if (withResponse && step * localization >= LargestContraction)
        {
            return new CalibrationObjection(
                curvatures[0].Component,
                $"the step overshoots the localisation (εγ {Text(step * localization)}, below 2 is wanted)",
                "a smaller step size"
            );
        }

        (string component, double curvature) = curvatures.MaxBy(one => one.Curvature);
        double largest = step * (localization + (options.NBeta * curvature));
        return largest < LargestStep
            ? null
            : new CalibrationObjection(
                component,
                $"the step is unstable (ε(γ + nβh) is {Text(largest)} with the curvature h {Text(curvature)}, below 4 is wanted)",
                "a smaller step size or nβ"
            );
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

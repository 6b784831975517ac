using Curie.Numerics;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>What the modes of a run say: how many are there beyond noise, what separates them, and which components stand apart.</summary>
public static class StructureConclusion
{
    private const double Known = 0.5;
    private const double Significant = 0.05;
    private const int MostNamed = 3;

    /// <summary>Draws the conclusion on one group, that of all heads where there are several.</summary>
    /// <param name="part">The part that was factored.</param>
    /// <param name="reproducibility">How well the modes are known.</param>
    /// <param name="patterns">Which patterns stand at their ends.</param>
    /// <param name="survey">How the modes come out in other views.</param>
    public static Conclusion Of(
        ResponsePart part,
        RunReproducibility reproducibility,
        IReadOnlyList<ModePatterns> patterns,
        IReadOnlyList<ModeSurvey> survey
    )
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(reproducibility);
        ArgumentNullException.ThrowIfNull(patterns);
        ArgumentNullException.ThrowIfNull(survey);
        if (reproducibility.Groups.Count == 0)
        {
            return new Conclusion([]);
        }

        GroupReproducibility group = reproducibility.Groups[^1];
        string[] others = survey.Count == 0 ? [] : [.. Others(survey[^1], part)];
        return group.Reason is { } reason
            ? new Conclusion([$"How many modes of {part.Symbol} there are beyond noise is not known: {reason}", .. others])
            : new Conclusion([.. Sentences(part, group, [.. patterns.Where(one => one.Group == group.Group)]), .. others]);
    }

    private static IEnumerable<string> Sentences(ResponsePart part, GroupReproducibility group, IReadOnlyList<ModePatterns> patterns)
    {
        ModeReproducibility[] real = [.. group.Modes.Where(IsReal)];
        string counted = $"Of the first {Counted.Of(group.Modes.Count, "mode")} of {part.Symbol} over {RunWords.Title(group.Group)}, ";
        if (real.Length == 0)
        {
            yield return counted
                + "none is beyond noise (reliability of at least .5 and a permutation p below .05): more draws or chains, or another part.";
            yield break;
        }

        yield return counted
            + $"{Counted.Of(real.Length, "is", "are")} beyond noise: "
            + string.Join(
                ", ",
                real.Select(mode =>
                    $"mode {mode.Mode} with {EstimateText.Percent(mode.ExplainedVariance.Value)} of the variance (reliability "
                    + $"{EstimateText.Of(mode.Reliability, 2)})"
                )
            )
            + ".";
        foreach (ModeReproducibility mode in real)
        {
            yield return Describe(mode, patterns.FirstOrDefault(one => one.Mode == mode.Mode));
        }
    }

    private static bool IsReal(ModeReproducibility mode) => mode.Reliability >= Known && !(mode.Permutation?.PValue >= Significant);

    private static string Describe(ModeReproducibility mode, ModePatterns? patterns)
    {
        double equal = 1 / Math.Sqrt(mode.Loadings.Count);
        (string Name, Interval Loading)[] apart =
        [
            .. mode
                .Loadings.Where(one => one.Value.Low * one.Value.High > 0)
                .OrderByDescending(one => Math.Abs(one.Value.Value))
                .Select(one => (one.Key, one.Value)),
        ];
        string[] up = [.. apart.Where(one => one.Loading.Value > 0).Take(MostNamed).Select(Named)];
        string[] down = [.. apart.Where(one => one.Loading.Value < 0).Take(MostNamed).Select(Named)];
        string heads =
            up.Length > 0 && down.Length > 0 ? $"sets {EstimateText.List(up)} against {EstimateText.List(down)}"
            : apart.Length == 0 ? "is carried by no single component beyond error"
            : $"is shared: all components that differ from 0 have one sign, most {EstimateText.List(up.Length > 0 ? up : down)} (equal "
                + $"shares: "
                + $"{EstimateText.Of(equal, 2)})";
        string[] texts = [.. Ends(patterns)];
        return $"Mode {mode.Mode} {heads}{(texts.Length == 0 ? "" : "; " + string.Join(", ", texts))}.";
    }

    private static string Named((string Name, Interval Loading) one) =>
        $"{one.Name} ({EstimateText.Of(one.Loading.Value, one.Loading.StandardError, signed: true)})";

    private static IEnumerable<string> Ends(ModePatterns? patterns)
    {
        if (
            patterns?.Patterns.Where(one => one.TopQ < Significant && one.Top > one.BaseRate).MaxBy(one => one.Top - one.BaseRate) is
            { } top
        )
        {
            yield return $"its highest tokens are {End(top.Pattern, top.Top, top.BaseRate)}";
        }

        if (
            patterns
                ?.Patterns.Where(one => one.BottomQ < Significant && one.Bottom > one.BaseRate)
                .MaxBy(one => one.Bottom - one.BaseRate) is
            { } bottom
        )
        {
            yield return $"its lowest {End(bottom.Pattern, bottom.Bottom, bottom.BaseRate)}";
        }
    }

    private static string End(string pattern, double share, double rate) =>
        $"{pattern} ({EstimateText.Percent(share)}, of all tokens {EstimateText.Percent(rate)})";

    /// <summary>The same count for the excess and the covariance, standardised, of which no intervals are made.</summary>
    private static IEnumerable<string> Others(ModeSurvey survey, ResponsePart part)
    {
        foreach (ResponsePart other in new[] { ResponsePart.Excess, ResponsePart.Covariance }.Where(one => one != part))
        {
            string name = Response.Modes.ResponseView.Standardized(other).Name([]);
            if (
                survey.Views.FirstOrDefault(view => view.View == name) is { Modes.Count: > 1 } view
                && view.Modes.Any(mode => mode.Reliability >= Known)
            )
            {
                SurveyMode[] known = [.. view.Modes.Where(mode => mode.Reliability >= Known)];
                yield return $"The {other.Title.ToLowerInvariant()}, every component to one scale, has "
                    + $"{Counted.Of(known.Length, "mode")} with a reliability of at "
                    + $"least .5 among its first {view.Modes.Count}: "
                    + string.Join(
                        ", ",
                        known.Select(mode => $"mode {mode.Mode} {EstimateText.Percent(mode.ExplainedVariance)} ({Poles(mode)})")
                    )
                    + ".";
            }
        }
    }

    private static string Poles(SurveyMode mode)
    {
        KeyValuePair<string, double>[] order = [.. mode.Loadings.OrderByDescending(one => one.Value)];
        return order[^1].Value >= 0 || order[0].Value <= 0
            ? "shared"
            : $"{string.Join(", ", order.Where(one => one.Value > 0).Take(MostNamed).Select(one => one.Key))} against "
                + string.Join(", ", order.Where(one => one.Value < 0).Reverse().Take(MostNamed).Select(one => one.Key));
    }
}

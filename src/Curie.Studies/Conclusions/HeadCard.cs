using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Matching;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>One attention score of a component, and its place among the heads.</summary>
/// <param name="Name">The score.</param>
/// <param name="Value">Its value, a share of attention from 0 to 1, with its error over sequences.</param>
/// <param name="Rank">1 for the highest of all heads.</param>
/// <param name="Heads">The number of heads.</param>
public sealed record CardScore(string Name, MeanEstimate Value, int Rank, int Heads);

/// <summary>What the loss gains when the component is replaced by its mean output.</summary>
/// <param name="Name">A probe or a pattern.</param>
/// <param name="Value">The loss without the component less the loss with it, nats per token, with its error over rows.</param>
public sealed record CardEffect(string Name, MeanEstimate Value);

/// <summary>The component's mean response to one probe.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Probe">The probe.</param>
/// <param name="Value">The mean over the probe's tokens with its error; below 0 the component expresses it.</param>
public sealed record CardResponse(string Part, string Probe, MeanEstimate Value);

/// <summary>The component's place in a mode.</summary>
/// <param name="View">What was factored.</param>
/// <param name="Group">The components that were factored together.</param>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Share">Its share of the variance.</param>
/// <param name="Reliability">Its reliability between halves of the draws; NaN where unknown.</param>
/// <param name="Loading">The component's loading; the sign of a mode is arbitrary.</param>
/// <param name="Rank">1 for the largest magnitude of the group.</param>
/// <param name="Components">The size of the group.</param>
public sealed record CardMode(
    string View,
    string Group,
    int Mode,
    double Share,
    double Reliability,
    double Loading,
    int Rank,
    int Components
);

/// <summary>The component's counterpart in another run.</summary>
/// <param name="Run">The other run's folder.</param>
/// <param name="Partner">The counterpart.</param>
/// <param name="Part">The name of the part of the response by which it is found.</param>
/// <param name="Correlation">The correlation over tokens of what sets the two apart from the other heads of their layers.</param>
/// <param name="StandardError">Its jackknife error over rows of text; NaN with a single row.</param>
public sealed record CardTwin(string Run, string Partner, string Part, double Correlation, double StandardError);

/// <summary>Everything that a run knows about one component.</summary>
/// <param name="Component">The component.</param>
/// <param name="Coefficient">λ̂ with its sampling error; null where the run has none (a control or a scan).</param>
/// <param name="Scores">What it attends to; empty where that is not known.</param>
/// <param name="Effects">What ablating it does; empty where that was not measured.</param>
/// <param name="Responses">Its mean responses, part by part.</param>
/// <param name="Levels">How much is there before the loss is felt; null where the run does not hold the levels.</param>
/// <param name="Modes">Its places in the first modes of the excess and the covariance, or of the main part.</param>
/// <param name="Tokens">The tokens that it expresses and suppresses, by part.</param>
/// <param name="Twins">Its counterparts in other runs.</param>
/// <param name="Missing">What is not known, and why, in sentences.</param>
public sealed record HeadCard(
    string Component,
    MeanEstimate? Coefficient,
    IReadOnlyList<CardScore> Scores,
    IReadOnlyList<CardEffect> Effects,
    IReadOnlyList<CardResponse> Responses,
    ComponentLevels? Levels,
    IReadOnlyList<CardMode> Modes,
    IReadOnlyList<(ResponsePart Part, ComponentTokens Tokens)> Tokens,
    IReadOnlyList<CardTwin> Twins,
    IReadOnlyList<string> Missing
)
{
    /// <summary>What is noted of its chains, without advice.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    private const string MeanAblation = "mean_ablation";
    private const int ShownModes = 3;

    /// <summary>Collects what is known.</summary>
    /// <param name="run">The run.</param>
    /// <param name="component">The component's name.</param>
    /// <param name="sources">What else is known of the run.</param>
    /// <exception cref="InputException">The run has no such component.</exception>
    public static HeadCard Of(SusceptibilityRun run, string component, HeadCardSources sources)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(sources);
        int row = run.Manifest.Components.ToList().IndexOf(component);
        return row < 0
            ? throw new InputException($"the run has no component {component}; it has {string.Join(", ", run.Manifest.Components)}.")
            : Of(run, row, sources, Shared.Of(run, sources.Others));
    }

    /// <summary>Collects what is known of every component of a run, in the run's order; what all share is found once.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sources">What else is known of the run.</param>
    public static IReadOnlyList<HeadCard> All(SusceptibilityRun run, HeadCardSources sources)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(sources);
        Shared shared = Shared.Of(run, sources.Others);
        return [.. Enumerable.Range(0, run.Manifest.Components.Count).Select(row => Of(run, row, sources, shared))];
    }

    private static HeadCard Of(SusceptibilityRun run, int row, HeadCardSources sources, Shared shared)
    {
        string component = run.Manifest.Components[row];
        CardScore[] scores = sources.Roles is { } roles ? [.. ScoresOf(component, roles)] : [];
        CardEffect[] effects = sources.Measures is { } measures ? [.. EffectsOf(component, measures)] : [];
        return new HeadCard(
            component,
            shared.Coefficients.TryGetValue(component, out MeanEstimate found) ? found : null,
            scores,
            effects,
            [.. ResponsesOf(run, row)],
            shared.Levels?.FirstOrDefault(one => one.Component == component),
            [.. ModesOf(shared.Surveys, component)],
            [
                .. from part in CardParts(run)
                let tokens = ComponentTokens.Of(run, row, sources.Tokens, part)
                where tokens is not null
                select (part, tokens),
            ],
            [.. shared.Twins[component]],
            [.. Missings(scores, effects, sources)]
        )
        {
            Warnings = ChainWarnings.Of(run.Manifest, component),
        };
    }

    /// <summary>What to remember of the component, in sentences.</summary>
    public Conclusion Conclude()
    {
        List<string> sentences = [Role()];
        if (Effects.Count > 0)
        {
            CardEffect strongest = Effects.MaxBy(effect => Math.Abs(effect.Value.Mean))!;
            double p = Welch.PValue(strongest.Value);
            sentences.Add(
                p < 0.05 / Effects.Count
                    ? $"Without it the loss {(strongest.Value.Mean > 0 ? "rises" : "falls")} most on {strongest.Name}: by "
                        + $"{EstimateText.Of(Math.Abs(strongest.Value.Mean), strongest.Value.StandardError)} nats per token."
                    : "Without it no text and no pattern costs more or less beyond error."
            );
        }

        if (Modes.Where(mode => mode.Reliability >= 0.5 && mode.Mode > 1).MinBy(mode => (mode.Rank, -mode.Reliability)) is { } place)
        {
            sentences.Add(
                $"It stands out most in mode {place.Mode} of {place.View} ({RunWords.Title(place.Group)}): loading "
                    + $"{EstimateText.Of(place.Loading, 2)}, number {place.Rank} of {place.Components}, reliability "
                    + $"{EstimateText.Of(place.Reliability, 2)}."
            );
        }

        if (Levels is { } levels)
        {
            sentences.Add(
                $"Over tokens its excess correlates with that of draws that never feel the loss (the control) by r = "
                    + $"{EstimateText.Of(levels.Excess?.Correlation ?? double.NaN, 2)}; what the loss changes "
                    + (
                        levels.Excess?.Loss is not { } loss
                            ? "is nothing beyond sampling error."
                            : $"has {EstimateText.Of(loss / (levels.Excess.Total ?? double.NaN), 2)} times its standard deviation."
                    )
            );
        }

        if (Warnings.Count > 0)
        {
            sentences.Add($"With care: of its chains it is noted that {string.Join("; ", Warnings)}.");
        }

        return new Conclusion(sentences);
    }

    private string Role()
    {
        string coefficient = Coefficient is { } known ? $"λ̂ = {EstimateText.Of(known.Mean, known.StandardError)}" : "";
        CardScore? role = Scores
            .Where(score =>
                score.Name != HeadMeasures.CurrentTokenName
                && score.Value.Mean - (3 * score.Value.StandardError) > AttentionRoles.Outstanding
            )
            .MaxBy(score => score.Value.Mean);
        string what =
            Scores.Count == 0 ? "what it attends to is not known"
            : role is null ? "neither the previous token nor what followed the same token earlier takes a third of its attention"
            : role.Name == HeadMeasures.PreviousTokenName ? $"it attends to the previous token ({Attention(role)})"
            : $"it does induction, attending to what followed the same token earlier ({Attention(role)})";
        return coefficient.Length == 0 ? $"{Component}: {what}." : $"{Component}: {what}; {coefficient}.";
    }

    private static string Attention(CardScore score) =>
        $"{EstimateText.Of(score.Value.Mean, score.Value.StandardError)} of its attention, number {score.Rank} of {score.Heads} heads";

    private static IEnumerable<CardScore> ScoresOf(string component, AttentionRoles roles) =>
        from named in new[]
        {
            (Name: HeadMeasures.PreviousTokenName, Scores: roles.PreviousToken),
            (Name: HeadMeasures.CurrentTokenName, Scores: roles.CurrentToken),
            (Name: HeadMeasures.PrefixMatchingName, Scores: roles.PrefixMatching),
        }
        let score = AttentionRoles.Find(named.Scores, component)
        where score is not null
        select new CardScore(
            named.Name,
            new MeanEstimate(score.Value, score.StandardError, int.MaxValue),
            1 + named.Scores.Count(other => other.Value > score.Value),
            named.Scores.Count
        );

    private static IEnumerable<CardEffect> EffectsOf(string component, HeadScoresRecord measures) =>
        from effect in measures.Effects
        where effect.Component == component && effect.Measure == MeanAblation
        select new CardEffect(
            effect.Over == "probe" ? effect.Name : $"tokens of the pattern {effect.Name}",
            new MeanEstimate(effect.Mean, effect.StandardError, int.MaxValue)
        );

    private static IEnumerable<CardResponse> ResponsesOf(SusceptibilityRun run, int row) =>
        from part in run.Manifest.HeldParts.Where(part =>
            part == ResponsePart.Susceptibility || part == ResponsePart.Covariance || part == ResponsePart.Excess
        )
        let degrees = run.Manifest.DegreesOfFreedom(part, row) ?? 1
        from probe in Enumerable.Range(0, run.Manifest.ProbeNames.Count)
        let at = (row * run.Manifest.ProbeNames.Count) + probe
        select new CardResponse(
            part.Name,
            run.Manifest.ProbeNames[probe],
            new MeanEstimate(run.Data.Dataset.Values(part)[at], run.Data.Dataset.StandardErrors(part)[at], degrees)
        );

    private static IEnumerable<CardMode> ModesOf(IReadOnlyList<ModeSurvey> surveys, string component) =>
        from survey in surveys
        from view in survey.Views
        from mode in view.Modes
        where mode.Loadings.ContainsKey(component)
        let loading = mode.Loadings[component]
        select new CardMode(
            view.View,
            survey.Group,
            mode.Mode,
            mode.ExplainedVariance,
            mode.Reliability,
            loading,
            1 + mode.Loadings.Values.Count(other => Math.Abs(other) > Math.Abs(loading)),
            mode.Loadings.Count
        );

    /// <summary>What is a component's own: its covariance and its excess; where the run holds neither, its main part.</summary>
    private static ResponsePart[] CardParts(SusceptibilityRun run)
    {
        ResponsePart[] own =
        [
            .. new[] { ResponsePart.Covariance, ResponsePart.Susceptibility, ResponsePart.Excess }.Where(run.Manifest.Holds),
        ];
        return own.Length > 0 ? own : [run.Manifest.MainPart];
    }

    private static IEnumerable<(string Component, CardTwin Twin)> TwinsOf(
        SusceptibilityRun run,
        (string Folder, SusceptibilityRun Run) other
    ) =>
        from part in CardParts(run).Where(part => part != ResponsePart.Susceptibility && other.Run.Manifest.Holds(part)).Take(1)
        from layer in RunMatching.Of(run, other.Run, new MatchingOptions { Part = part, Modes = 1 })
        where layer.Group != "heads"
        from head in layer.Heads
        select (head.Component, new CardTwin(other.Folder, head.Partner, part.Name, head.Correlation, head.StandardError));

    private static IEnumerable<string> Missings(CardScore[] scores, CardEffect[] effects, HeadCardSources sources)
    {
        if (scores.Length == 0)
        {
            yield return sources.NoScores
                ?? "What it attends to is not known: it is no single head, or the run's model has no tokenizer with a beginning-of-row "
                    + "token.";
        }

        if (effects.Length == 0)
        {
            yield return "What its ablation does was not measured: `curie scores` on the run does.";
        }
    }

    /// <summary>What the cards of all components are made from.</summary>
    private sealed record Shared(
        IReadOnlyDictionary<string, MeanEstimate> Coefficients,
        IReadOnlyList<ComponentLevels>? Levels,
        IReadOnlyList<ModeSurvey> Surveys,
        ILookup<string, CardTwin> Twins
    )
    {
        public static Shared Of(SusceptibilityRun run, IReadOnlyList<(string Folder, SusceptibilityRun Run)> others) =>
            new(
                RunCoefficients.Of(run, RunSources.Of(run.Manifest).NBeta),
                ComponentLevels.Of(run),
                ModeSurvey.Of(run, [.. CardParts(run).Select(ResponseView.Standardized)], ShownModes),
                others.SelectMany(other => TwinsOf(run, other)).ToLookup(found => found.Component, found => found.Twin)
            );
    }
}

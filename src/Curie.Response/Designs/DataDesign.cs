using Curie.Numerics;
using Curie.Numerics.Random;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Response.Designs;

/// <summary>
/// Weights for the tokens of a probe under which the response moves along a target. A change dq of the share that each token has in the
/// data changes, to first order and at the same checkpoint, E_C[φ] by nβ·cov·dq, and the expectations μ_C of δ(outside C at w*)·φ over all
/// weights by dμ = nβ·χ·dq; the smallest dq for a wanted dμ is
/// <code>
/// dq = (1/nβ)·χ⁺·dμ,   χ⁺ = Σ_k score_k·v_kᵀ/|score_k|² over some modes k,   ρ_i = 1 + n·dq_i
/// </code>
/// with each component of χ less its mean over the n tokens, so that the shares still sum to 1. For a mode as target, dμ = a·v, the sum has
/// that mode alone; for a component the modes that are known well enough.
/// </summary>
/// <param name="Target">The target, with its group.</param>
/// <param name="Components">The components of the group.</param>
/// <param name="Modes">The modes in the inverse, from 1.</param>
/// <param name="Amount">a: dμ along the target, nats.</param>
/// <param name="FirstToken">The run's token that is the first of the weights.</param>
/// <param name="Weights">ρ, one for each of the probe's tokens, of mean 1.</param>
/// <param name="CutShare">The share of tokens whose weight was negative and became 0.</param>
/// <param name="Reliability">How the weights repeat themselves between halves of the draws; NaN where the run keeps no batch means.</param>
/// <param name="Along">The predicted change along the target; the component "".</param>
/// <param name="Predictions">What is predicted of every component.</param>
/// <param name="Reason">Why predictions have no error, in words; null where they have one.</param>
/// <remarks>
/// Source: Patterning, arXiv 2601.13548, and equations 12 to 15 of the position paper that proposes it; the cut of negative weights and
/// the cross-fitted prediction are derived here: the weights' own noise correlates with that of the response they were made from, so a
/// prediction from the same draws is too large by about one over the reliability.
/// </remarks>
public sealed record DataDesign(
    DesignTarget Target,
    IReadOnlyList<string> Components,
    IReadOnlyList<int> Modes,
    double Amount,
    int FirstToken,
    IReadOnlyList<double> Weights,
    double CutShare,
    double Reliability,
    DesignPrediction Along,
    IReadOnlyList<DesignPrediction> Predictions,
    string? Reason
)
{
    /// <summary>A weight that a first-order response is surely beyond, and at which float32 still knows 1.</summary>
    private const double LargestWeight = 1e6;

    /// <summary>The standard deviation of the weights over tokens.</summary>
    public double Spread => Math.Sqrt(Weights.Sum(weight => (weight - 1) * (weight - 1)) / Weights.Count);

    /// <summary>Designs weights.</summary>
    /// <param name="run">The run, whose probe holds training data.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InputException">The run has no χ, no covariance or no nβ, or observes another loss than that of its data; there is
    /// no such group, mode or component, no mode is known well enough, or weights would be larger than a million.</exception>
    /// <exception cref="ArgumentException">Not exactly one of amount and spread is given, or it is 0 or not finite.</exception>
    public static DataDesign Of(SusceptibilityRun run, DesignOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        if ((options.Amount is null) == (options.Spread is null) || !double.IsNormal(options.Amount ?? options.Spread!.Value))
        {
            throw new ArgumentException("Exactly one of amount and spread must be given, and not be 0.", nameof(options));
        }

        if (run.Manifest.Observable is { } observable)
        {
            throw new InputException(
                $"the run observes the loss of {observable}, and what a design is predicted to do is the response of the data's loss; "
                    + "sample a run without sampling.observable."
            );
        }

        run.Require(ResponsePart.Susceptibility);
        run.Require(ResponsePart.Covariance);
        run.Require(options.Part);
        if (options.Part == ResponsePart.Shift)
        {
            throw new InputException(
                "the modes of the shift are mostly the losses at the checkpoint, which is no response; choose chi, covariance, "
                    + "renormalization or excess with `part`."
            );
        }

        if (!(options.NBeta > 0))
        {
            throw new InputException(
                "the run was sampled without the loss (nβ = 0), so that nothing in it follows the data; name another."
            );
        }

        ResponseView view = new() { Part = options.Part, Probe = options.Probe };
        (string group, ModeAnalysis modes) = Group(run, view, options.Target);
        (SampledHalves? halves, string? reason) = SampledHalves.Of(run, view, modes);
        DesignInverse inverse = DesignInverse.Of(modes, halves, options);
        double[] scores = modes.Scores(inverse.Filter);
        double deviation = Math.Sqrt(Moments.Covariance(scores, scores));
        double scale = options.Amount is { } amount ? amount / options.NBeta : options.Spread!.Value / deviation;
        if (!(scores.Max(Math.Abs) * Math.Abs(scale) <= LargestWeight))
        {
            throw new InputException(
                "what is asked for gives some tokens more than a million times their weight, of which a first-order response says nothing; "
                    + "ask for a smaller `amount` or `spread`."
            );
        }

        double[] weights = TokenWeights.Of(scores, scale, options.KeepsNegative);
        DesignForecast forecast = DesignForecast.Of(run, view, modes, halves, inverse, options, weights, scale);
        return new DataDesign(
            options.Target with
            {
                Group = group,
            },
            modes.Components,
            inverse.Modes,
            scale * options.NBeta,
            view.TokensOf(run.Data.Tokens).Start,
            weights,
            options.KeepsNegative ? 0 : (double)scores.Count(score => 1 + (scale * score) < 0) / scores.Length,
            forecast.Reliability,
            forecast.Along,
            forecast.Components,
            reason
        );
    }

    /// <summary>
    /// The same weights dealt out to random tokens: data whose weights have the same distribution and no relation to the response.
    /// </summary>
    /// <param name="seed">The seed.</param>
    public IReadOnlyList<double> Shuffled(long seed)
    {
        double[] shuffled = [.. Weights];
        new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.ShuffledDesign)).Shuffle<double>(shuffled);
        return shuffled;
    }

    private static (string Name, ModeAnalysis Modes) Group(SusceptibilityRun run, ResponseView view, DesignTarget target)
    {
        IReadOnlyList<GroupModes> groups = GroupModes.Of(run, view);
        GroupModes? found = target.Group is { } name ? groups.FirstOrDefault(group => group.Name == name) : groups[^1];
        if (found is null)
        {
            throw new InputException(
                $"the run has no group {target.Group}; choose one of {string.Join(", ", groups.Select(group => group.Name))}."
            );
        }

        ModeAnalysis modes = found.Modes
            ?? throw new InputException($"the group {found.Name} has no modes: {found.Reason!.TrimEnd('.')}; choose another.");
        if (target.Mode is { } mode && (mode < 1 || mode > modes.Count))
        {
            throw new InputException($"the group {found.Name} has modes 1 to {modes.Count}; there is no mode {mode}.");
        }

        return target.Component is null || modes.Components.Contains(target.Component)
            ? (found.Name, modes)
            : throw new InputException(
                $"{target.Component} is not in the group {found.Name}, which has {string.Join(", ", modes.Components)}; choose one of "
                    + "these, or another group."
            );
    }
}

using Curie.Numerics.Statistics;
using Curie.Response.Comparison;
using Curie.Response.Designs;
using Curie.Response.Patterns;
using Curie.Studies.Designs;

namespace Curie.Studies.Conclusions;

/// <summary>What a design's weights are predicted to do, and where they put the weight.</summary>
public static class DesignConclusion
{
    private const int MostNamed = 4;
    private const double Discovery = 0.05;
    private const double Clear = 3;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="design">The design.</param>
    /// <param name="nbeta">nβ.</param>
    /// <param name="patterns">The mean weight of every pattern.</param>
    /// <param name="shuffled">Whether the weights were dealt out to random tokens.</param>
    public static Conclusion Of(DataDesign design, double nbeta, IReadOnlyList<PatternWeight> patterns, bool shuffled)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(patterns);
        return new Conclusion([.. shuffled ? [Shuffled(design)] : Sentences(design, nbeta, patterns)]);
    }

    private static string Shuffled(DataDesign design) =>
        $"The weights (standard deviation {EstimateText.Of(design.Spread)}) are dealt out to random tokens: a control, of which no change "
        + "is predicted.";

    private static IEnumerable<string> Sentences(DataDesign design, double nbeta, IReadOnlyList<PatternWeight> patterns)
    {
        string target = design.Target.Component ?? $"mode {design.Target.Mode} of {design.Target.Group}";
        MeanEstimate along = Scaled(design.Along.Change, nbeta);
        yield return $"At the same checkpoint these weights (standard deviation {EstimateText.Of(design.Spread)}"
            + (design.CutShare > 0 ? $", {EstimateText.Percent(design.CutShare)} of tokens cut to 0" : "")
            + $") are predicted to change λ̂ along {target} by {EstimateText.Of(along.Mean, along.StandardError, signed: true)}.";
        if (double.IsFinite(design.Reliability))
        {
            yield return $"Halves of the draws agree on the weights with a reliability of {EstimateText.Of(design.Reliability)}; from the "
                + "draws that the weights were made from, the prediction would be "
                + $"{EstimateText.Of(nbeta * design.Along.SameDraws, along.StandardError, signed: true)}.";
        }

        if (Heads(design, nbeta) is { } heads)
        {
            yield return heads;
        }

        PatternWeight[] clear = [.. patterns.Where(one => Math.Abs(one.Mean - 1) > Clear * one.StandardError)];
        string[] more = [.. clear.Where(one => one.Mean > 1).OrderByDescending(one => one.Mean).Take(MostNamed).Select(Text)];
        string[] less = [.. clear.Where(one => one.Mean < 1).OrderBy(one => one.Mean).Take(MostNamed).Select(Text)];
        if (more.Length + less.Length > 0)
        {
            yield return "By pattern "
                + string.Join(
                    "; ",
                    new[]
                    {
                        more.Length > 0 ? $"more weight is on {EstimateText.List(more)}" : "",
                        less.Length > 0 ? $"less on {EstimateText.List(less)}" : "",
                    }.Where(text => text.Length > 0)
                )
                + ".";
        }
    }

    private static string? Heads(DataDesign design, double nbeta)
    {
        if (design.Predictions.Count < 2 || design.Predictions.Any(one => !(one.Change.StandardError > 0)))
        {
            return null;
        }

        double[] q = FalseDiscovery.Adjust([.. design.Predictions.Select(one => Welch.PValue(one.Change))]);
        DesignPrediction[] found = [.. design.Predictions.Where((_, i) => q[i] < Discovery)];
        return found.Length == 0
            ? $"Of no component is the change known to differ from 0 (false discovery rate 5 % of {design.Predictions.Count})."
            : $"Of {design.Predictions.Count} components {found.Length} change beyond their errors (false discovery rate 5 %), most: "
                + string.Join(
                    ", ",
                    found
                        .OrderByDescending(one => Math.Abs(one.Change.Mean))
                        .Take(MostNamed)
                        .Select(one => $"{one.Component} {Text(Scaled(one.Change, nbeta))}")
                )
                + ".";
    }

    private static string Text(PatternWeight one) => $"{one.Pattern} ({EstimateText.Of(one.Mean, one.StandardError)})";

    private static string Text(MeanEstimate one) => EstimateText.Of(one.Mean, one.StandardError, signed: true);

    private static MeanEstimate Scaled(MeanEstimate one, double factor) =>
        one with
        {
            Mean = factor * one.Mean,
            StandardError = factor * one.StandardError,
        };
}

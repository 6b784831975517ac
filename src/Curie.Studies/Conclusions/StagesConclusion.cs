using System.Globalization;
using Curie.Development.Clustering;
using Curie.Development.Stages;
using Curie.Numerics;
using Curie.Response.Modes;
using Curie.Studies.Analysis;
using Curie.Studies.Development;

namespace Curie.Studies.Conclusions;

/// <summary>
/// What the stages of a training say: where λ̂ of the whole turns and how much it changes in between, whether heads that develop alike have
/// a score in common, and whether the outputs turn where λ̂ does.
/// </summary>
public static class StagesConclusion
{
    private const double Significant = 0.05;

    // The least probability with which a stage is called of a type.
    private const double Sure = 0.95;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="study">What <c>curie stages</c> found out.</param>
    public static Conclusion Of(DevelopmentStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new Conclusion([.. Sentences(study)]);
    }

    private static IEnumerable<string> Sentences(DevelopmentStudy study)
    {
        foreach (DataStages data in study.ByData)
        {
            yield return Curve(data.Main);
            CurveStages[] heads = [.. data.Curves.Where(curve => HeadName.Is(curve.Source.Component))];
            if (heads.Length > 1)
            {
                yield return Heads(heads, data.Data);
            }
        }

        if (study.Contrasts.SelectMany(Scores).Where(one => double.IsFinite(one.Q)).ToArray() is { Length: > 0 } scores)
        {
            (string group, string score, double q) = scores.MinBy(one => one.Q);
            string which = $"{score} of {RunWords.Title(group)} (q = {EstimateText.Of(q, 1)} over all groups and scores)";
            yield return q < Significant
                ? $"Heads whose curves are alike differ from the others in {which}."
                : $"Heads whose curves are alike have no score in common beyond chance: the nearest is {which}.";
        }

        if (study.Agreements.Count > 0)
        {
            TrajectoryAgreement[] near = [.. study.Agreements.Where(one => one.Agreement.PValue * study.Agreements.Count < Significant)];
            yield return near.Length == 0
                ? "The outputs turn no nearer to the boundaries of λ̂ than by chance (smallest p of "
                    + $"{study.Agreements.Count}: {EstimateText.Of(study.Agreements.Min(one => one.Agreement.PValue), 1)})."
                : $"The outputs turn where λ̂ of {EstimateText.List([.. near.Select(one => one.Component).Distinct()])} does, nearer "
                    + $"than by chance (p corrected for {study.Agreements.Count}).";
        }
    }

    private static string Curve(CurveStages curve)
    {
        IReadOnlyList<Stage> all = curve.Stages.Stages;
        string name = curve.Source.Component + On(curve.Source.Data);
        Stage[] told = [.. all.Where(stage => !stage.IsWithinError)];
        return told.Length == 0
            ? $"λ̂ of {name} has no stage in which it changes by more than two standard errors ({Counted.Of(all.Count, "stage")})."
            : $"λ̂ of {name} {string.Join(", then ", told.Select(Moved))}."
                + (told.Length < all.Count ? $" {Counted.Of(all.Count - told.Length, "further stage")} may be noise." : "");
    }

    private static string Moved(Stage stage) =>
        $"{(stage.Coefficient.Value > 0 ? "rises" : "falls")} by "
        + $"{EstimateText.Of(Math.Abs(stage.Coefficient.Value), stage.Coefficient.StandardError)} from step {Step(stage.FromStep)} to "
        + $"{Step(stage.ToStep)}"
        + (
            stage.Loss is { } loss && Math.Abs(loss.Value) > 2 * loss.StandardError
                ? $" while the loss {(loss.Value < 0 ? "falls" : "rises")}"
                : ""
        )
        + (stage is { Type: { } type, TypeProbability: > Sure } ? $" (type {type})" : "");

    private static string Heads(CurveStages[] heads, string data)
    {
        int falling = heads.Count(head => head.Stages.Stages.Any(stage => !stage.IsWithinError && stage.Coefficient.Value < 0));
        return falling == 0
            ? $"Of {heads.Length} heads λ̂{On(data)} falls in none by more than two standard errors."
            : $"Of {heads.Length} heads λ̂{On(data)} falls for a while, by more than two standard errors, in {falling}.";
    }

    private static IEnumerable<(string Group, string Score, double Q)> Scores(ClusterContrasts contrasts) =>
        contrasts.Scores.Zip(contrasts.Q, (score, q) => (contrasts.Group, score.Score.Replace('_', ' '), q));

    private static string On(string data) => data.Length == 0 ? "" : $" on {data}";

    private static string Step(double step) => step < 10 ? EstimateText.Of(step) : step.ToString("0", CultureInfo.InvariantCulture);
}

using Curie.Numerics;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Studies.Conclusions;

/// <summary>
/// What a susceptibility run says of its model: which heads do what, how much of the response is there before the loss is felt, whether it
/// shows by itself what heads do, and which components answer to which text.
/// </summary>
public static class RunConclusion
{
    private const double OneFactor = 0.9;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="found">The run, what its heads attend to, and its control.</param>
    /// <param name="before">
    /// The conclusion of another run of the same model that stands above in the same output: what it has said of roles is said in a line,
    /// and words that it has explained are not explained again. Null where none does.
    /// </param>
    public static Conclusion Of(RunFindings found, Conclusion? before = null)
    {
        ArgumentNullException.ThrowIfNull(found);
        return new Conclusion([.. Glossary.Define(Sentences(found, before), before)]);
    }

    /// <summary>The first sentence of the conclusion, without working out the others; empty where there is none.</summary>
    /// <param name="found">The run, what its heads attend to, and its control.</param>
    public static string Headline(RunFindings found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return Glossary.Define(Sentences(found, before: null), before: null).FirstOrDefault() ?? "";
    }

    private static IEnumerable<string> Sentences(RunFindings found, Conclusion? before)
    {
        SusceptibilityRun run = found.Run;
        if (run.Manifest.Control)
        {
            yield return "This is a control: draws that never feel the loss.";
        }

        foreach (
            string sentence in found.Roles is not { } roles ? []
            : before is null ? RoleSentences.Of(roles)
            : [RoleSentences.Brief(roles)]
        )
        {
            yield return sentence;
        }

        if (found.Verdict is { } verdict && ControlSentence.Of(verdict) is { } control)
        {
            yield return control;
        }

        // Modes are of all heads, so that the first sentence about them has what is noted of any.
        foreach ((string sentence, int place) in ModeSentences.Of(found).Select((one, place) => (one, place)))
        {
            yield return place == 0 ? ChainWarnings.Beside(sentence, run.Manifest, run.Manifest.Components.Where(HeadName.Is)) : sentence;
        }

        foreach (string sentence in LevelSentences.Of(ComponentLevels.Of(run), correlations: found.Verdict is null))
        {
            yield return sentence;
        }

        if (
            TextSentences.Of(run, run.Manifest.Holds(ResponsePart.Covariance) ? ResponsePart.Covariance : run.Manifest.MainPart) is { } text
        )
        {
            yield return ChainWarnings.BesideNamed(text, run.Manifest);
        }

        if (Factor(run) is { } factor)
        {
            yield return factor;
        }
    }

    /// <summary>What χ's first mode is, where it is nearly all of χ.</summary>
    private static string? Factor(SusceptibilityRun run)
    {
        VarianceSplit? split = VarianceSplit.Of(run) is { Count: > 0 } splits ? splits[^1] : null;
        GroupModes? all = split is null
            ? null
            : GroupModes.Of(run, ResponsePart.Susceptibility).FirstOrDefault(group => group.Name == split.Group);
        return all?.Modes is { Count: > 1 } modes && modes.ExplainedVariance[0] > OneFactor && split!.RenormalizationShare > OneFactor
            ? $"χ itself is one factor, which all {Counted.Of(modes.Count, "component")} share: its first mode takes "
                + $"{EstimateText.Percent(modes.ExplainedVariance[0])}, all of it the shift of the run in which all weights move; what "
                + "is a component's own is in its excess and its covariance."
            : null;
    }
}

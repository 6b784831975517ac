using Curie.Response.Estimators;
using Curie.Response.Reproducibility;

namespace Curie.Studies.Conclusions;

/// <summary>Says of each part how much of its variance over tokens is there before the loss is felt.</summary>
internal static class ControlSentence
{
    // A share that is written as 100 %.
    private const double All = 0.9995;
    private const string Draws = "Random draws around the checkpoint, which never feel the loss,";

    /// <summary>The sentence, or two where noise hides the share of some parts; null where nothing is judged.</summary>
    public static string? Of(ControlVerdict verdict)
    {
        ControlPartVerdict[] known = [.. verdict.Parts.Where(part => part.ShareExplained is not null)];
        string[] hidden = [.. verdict.Parts.Except(known).Select(part => $"{Name(part)} (r = {EstimateText.Of(part.Correlation)})")];
        string told = known.Length == 0 ? "" : $"{Draws} explain {EstimateText.List([.. known.Select(Share)])}; {Rest(known)}";
        string noise =
            hidden.Length == 0 ? ""
            : known.Length == 0 ? $"{Draws} explain of {EstimateText.List(hidden)} a share that noise hides."
            : $"How much of {EstimateText.List(hidden)} they explain, noise hides.";
        return string.Join(' ', new[] { told, noise }.Where(one => one.Length > 0)) is { Length: > 0 } both ? both : null;
    }

    private static string Share(ControlPartVerdict part, int place) =>
        $"{EstimateText.Percent(part.ShareExplained!.Value, part.ShareInterval)} of "
        + (place == 0 ? $"the variance of {Name(part)} over tokens, all components together" : $"that of {Name(part)}");

    private static string Rest(ControlPartVerdict[] parts)
    {
        string[] within = [.. parts.Where(IsWithinErrors).Select(Name)];
        return within.Length == 0 ? "sampling adds the rest."
            : within.Length == parts.Length ? "what sampling adds is within the errors."
            : $"sampling adds the rest, which of {EstimateText.List(within)} is within the errors.";
    }

    /// <summary>Whether all of it may be there without the loss.</summary>
    private static bool IsWithinErrors(ControlPartVerdict part) => (part.ShareInterval?.High ?? part.ShareExplained) >= All;

    private static string Name(ControlPartVerdict part) =>
        ResponsePart.Parse(part.Part) is var named && named == ResponsePart.Susceptibility ? named.Symbol : $"the {named.Symbol}";
}

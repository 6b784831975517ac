using Curie.Response.Estimators;
using Curie.Response.Reproducibility;

namespace Curie.Studies.Conclusions;

/// <summary>Says of each part how much of its variance over tokens is there before the loss is felt.</summary>
internal static class ControlSentence
{
    /// <summary>The sentence, or two where noise hides the share of some parts; null where nothing is judged.</summary>
    public static string? Of(ControlVerdict verdict)
    {
        ControlPartVerdict[] known = [.. verdict.Parts.Where(part => part.ShareExplained is not null)];
        string[] hidden = [.. verdict.Parts.Except(known).Select(part => $"{Name(part)} (r = {EstimateText.Of(part.Correlation)})")];
        string told =
            known.Length == 0
                ? ""
                : $"Draws that never feel the loss explain {EstimateText.List([.. known.Select(Share)])}: that much is the network's "
                    + "curvature, and sampling adds the rest.";
        string noise =
            hidden.Length == 0 ? "" : $"How much of {EstimateText.List(hidden)} draws that never feel the loss explain, noise hides.";
        return string.Join(' ', new[] { told, noise }.Where(one => one.Length > 0)) is { Length: > 0 } both ? both : null;
    }

    private static string Share(ControlPartVerdict part, int place) =>
        $"{EstimateText.Percent(part.ShareExplained!.Value)} of "
        + (place == 0 ? $"the variance over tokens of {Name(part)}, all components together" : $"that of {Name(part)}")
        + $" (r = {EstimateText.Of(part.Correlation)} of at most {EstimateText.Of(Math.Min(1, part.Ceiling!.Value))})";

    private static string Name(ControlPartVerdict part) =>
        ResponsePart.Parse(part.Part) is var named && named == ResponsePart.Susceptibility ? named.Symbol : $"the {named.Symbol}";
}

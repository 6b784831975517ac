using Curie.Response.Estimators;
using Curie.Response.Reproducibility;

namespace Curie.Studies.Conclusions;

/// <summary>Says of each part how much of its variance over tokens is there before the loss is felt.</summary>
internal static class ControlSentence
{
    /// <summary>The sentence, or two where noise hides the share of some parts; null where nothing is judged.</summary>
    public static string? Of(ControlVerdict verdict)
    {
        string[] shares = [.. verdict.Parts.Select(Share).OfType<string>()];
        string[] hidden =
        [
            .. verdict.Parts.Where(part => Share(part) is null).Select(part => $"{Name(part)} (r = {EstimateText.Of(part.Correlation)})"),
        ];
        string told =
            shares.Length == 0
                ? ""
                : $"Of the variance over tokens, all components together, draws that never feel the loss have {EstimateText.List(shares)}: "
                    + "the network's curvature; sampling adds the rest.";
        string noise =
            hidden.Length == 0 ? "" : $"How much of {EstimateText.List(hidden)} draws that never feel the loss have, noise hides.";
        return string.Join(' ', new[] { told, noise }.Where(one => one.Length > 0)) is { Length: > 0 } both ? both : null;
    }

    private static string? Share(ControlPartVerdict part) =>
        part is { ShareExplained: { } share, Ceiling: { } most }
            ? $"{EstimateText.Percent(share)} of {Name(part)} (r = {EstimateText.Of(part.Correlation)} of at most "
                + $"{EstimateText.Of(Math.Min(1, most))})"
            : null;

    private static string Name(ControlPartVerdict part) =>
        ResponsePart.Parse(part.Part) is var named && named == ResponsePart.Susceptibility ? named.Symbol : $"the {named.Symbol}";
}

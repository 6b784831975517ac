using System.Globalization;
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
        (
            part.ShareInterval is { } interval
                ? EstimateText.Percent(part.ShareExplained!.Value, interval)
                : $"{EstimateText.Percent(part.ShareExplained!.Value)} (error unknown)"
        )
        + " of "
        + (
            place == 0 ? $"the variance of {Name(part)} over tokens and all components (sampling error taken out)" : $"that of {Name(part)}"
        );

    private static string Rest(ControlPartVerdict[] parts)
    {
        (string All, string Of, string[] Parts)[] kinds =
        [
            ("sampling adds the rest", "sampling adds the rest of {0}", Named(part => part.ShareInterval?.High < All)),
            (
                "what sampling adds is within the errors",
                "what sampling adds to {0} is within the errors",
                Named(part => part.ShareInterval?.High >= All)
            ),
            (
                "what sampling adds has an unknown error",
                "what sampling adds to {0} has an unknown error",
                Named(part => part.ShareInterval is null)
            ),
        ];
        return string.Join(
                "; ",
                from kind in kinds
                where kind.Parts.Length > 0
                select kind.Parts.Length == parts.Length
                    ? kind.All
                    : string.Format(CultureInfo.InvariantCulture, kind.Of, EstimateText.List(kind.Parts))
            ) + ".";

        string[] Named(Func<ControlPartVerdict, bool> belongs) => [.. parts.Where(belongs).Select(Name)];
    }

    private static string Name(ControlPartVerdict part) =>
        ResponsePart.Parse(part.Part) is var named && named == ResponsePart.Susceptibility ? named.Symbol : $"the {named.Symbol}";
}

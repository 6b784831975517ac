using System.Text.RegularExpressions;
using Curie.Networks.Components;

namespace Curie.Sampling.Calibration;

/// <summary>The best setting for one kind of components, where none is sound for all.</summary>
/// <param name="Kind">The kind, in words: full, attention heads, MLPs, or the component's own name.</param>
/// <param name="Cell">The place of the best of the cells that are sound for the kind; null if none is.</param>
/// <param name="Reason">Why it is not sound for the others, or why none is sound for the kind, in a few words.</param>
public sealed partial record KindAdvice(string Kind, int? Cell, string Reason)
{
    [GeneratedRegex(@"^l\d+[hg]\d+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Head { get; }

    [GeneratedRegex(@"^l\d+\.mlp$", RegexOptions.ExplicitCapture)]
    private static partial Regex Mlp { get; }

    /// <summary>What kind a component is.</summary>
    /// <param name="component">Its name.</param>
    public static string KindOf(string component) =>
        component == Component.FullName ? Component.FullName
        : Head.IsMatch(component) ? "attention heads"
        : Mlp.IsMatch(component) ? "MLPs"
        : component;

    /// <summary>
    /// The best of each kind by the rule for all components (<see cref="CalibrationAdvice.Of"/>), in order of appearance.
    /// </summary>
    internal static IReadOnlyList<KindAdvice> Of(IReadOnlyList<CalibrationCell> cells) =>
        [
            .. cells
                .SelectMany(cell => cell.Coefficients.Select(measured => KindOf(measured.Report.Component)))
                .Distinct()
                .Select(kind => Of(kind, cells)),
        ];

    private static KindAdvice Of(string kind, IReadOnlyList<CalibrationCell> cells)
    {
        CalibrationCell[] own = [.. cells.Select(cell => cell.Of(name => KindOf(name) == kind))];
        if (CalibrationAdvice.Best(own) is { } best)
        {
            return new KindAdvice(kind, best.Place, cells[best.Place].Objections[0].ToString());
        }

        string reason = own.SelectMany(cell => cell.Objections.Select(objection => objection.Finding).Distinct())
            .GroupBy(finding => finding)
            .MaxBy(group => group.Count())
            ?.Key
            ?? "it was not measured at length";
        return new KindAdvice(kind, null, reason);
    }
}

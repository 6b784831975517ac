using Curie.Development.Coefficients;
using Curie.Numerics;
using Curie.Numerics.Statistics;

namespace Curie.Studies.Conclusions;

/// <summary>
/// What learning coefficients over checkpoints or data sets say: how that of the whole moves, and how the parts compare at the end.
/// </summary>
public static class CoefficientStudyConclusion
{
    private const string Full = "full";
    private const double Significant = 0.05;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="table">The table of the study.</param>
    public static Conclusion Of(CoefficientTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new Conclusion([.. Sentences(table)]);
    }

    private static IEnumerable<string> Sentences(CoefficientTable table)
    {
        CoefficientRow[] known = [.. table.Rows.Where(row => row.Value is { } value && double.IsFinite(value))];
        if (known.Length == 0)
        {
            yield break;
        }

        string first = known.Any(row => row.Component == Full) ? Full : known[0].Component;
        foreach (IGrouping<string, CoefficientRow> data in known.Where(row => row.Component == first).GroupBy(row => row.Data))
        {
            CoefficientRow[] curve = [.. data.OrderBy(row => row.Step)];
            if (curve.Length > 1)
            {
                yield return Curve(first, data.Key, curve);
            }
        }

        long last = known.Max(row => row.Step);
        foreach (IGrouping<string, CoefficientRow> data in known.Where(row => row.Step == last).GroupBy(row => row.Data))
        {
            Conclusion parts = CoefficientConclusion.Of(data.DistinctBy(row => row.Component).ToDictionary(row => row.Component, Estimate));
            if (parts.Sentences.Count > 0)
            {
                yield return $"At step {last} on {data.Key}: {string.Join(' ', parts.Sentences)}";
            }
        }
    }

    private static string Curve(string component, string data, CoefficientRow[] curve)
    {
        CoefficientRow most = curve.MaxBy(row => row.Value)!;
        MeanEstimate change = Welch.Difference(Estimate(curve[^1]), Estimate(curve[0]));
        string moved =
            Welch.PValue(change) < Significant
                ? change.Mean > 0
                    ? "rises"
                    : "falls"
                : "does not change beyond its error";
        string top = most == curve[0] || most == curve[^1] ? "" : $", with its maximum of {Text(most)} at step {most.Step}";
        return $"λ̂ of {component} on {data} {moved} from {Text(curve[0])} at step {curve[0].Step} to {Text(curve[^1])} at step "
            + $"{curve[^1].Step}{top} "
            + $"({Counted.Of(curve.Length, "checkpoint")}).";
    }

    private static string Text(CoefficientRow row) => EstimateText.Of(row.Value!.Value, row.Se ?? double.NaN);

    private static MeanEstimate Estimate(CoefficientRow row) =>
        new(row.Value!.Value, row.Se ?? double.NaN, row.SamplingDegreesOfFreedom ?? 1);
}

using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Patterns;

/// <summary>
/// What one token of the vocabulary has in a component's mean response to a probe, all its occurrences together: c = Σ_i χ_i/N over the
/// occurrences i among the probe's N followed tokens, so that the c of all ids add up to the mean. Its squared error, with the R rows of
/// the probe as units of sums s_r, is R/(R − 1)·Σ(s_r − s̄)²/N².
/// </summary>
/// <param name="Probe">The probe's name.</param>
/// <param name="Component">The component.</param>
/// <param name="TokenId">The id of the predicted token.</param>
/// <param name="Tokens">How often it occurs among the followed tokens.</param>
/// <param name="Mean">The mean of the part over its occurrences.</param>
/// <param name="Contribution">c.</param>
/// <param name="StandardError">The error of c; NaN where the probe has one row.</param>
public sealed record VocabularyResponse(
    string Probe,
    string Component,
    int TokenId,
    int Tokens,
    double Mean,
    double Contribution,
    double StandardError
)
{
    /// <summary>Of every probe and every component that varies, the ids with the largest |c|, those first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="most">How many ids at most.</param>
    public static IReadOnlyList<VocabularyResponse> Of(SusceptibilityRun run, ResponsePart part, int most)
    {
        ArgumentNullException.ThrowIfNull(run);
        TokenTable tokens = run.Data.Tokens;
        ILookup<int, int> places = Enumerable.Range(0, tokens.Count).ToLookup(i => tokens.Probe[i]);
        return
        [
            .. from probe in Enumerable.Range(0, run.Manifest.ProbeNames.Count)
            from component in ComponentTokens.Strongest(run, part).Order()
            from one in OfProbe(run, part, probe, component, [.. places[probe]])
                .OrderByDescending(one => Math.Abs(one.Contribution))
                .Take(most)
            select one,
        ];
    }

    private static IEnumerable<VocabularyResponse> OfProbe(SusceptibilityRun run, ResponsePart part, int probe, int component, int[] places)
    {
        TokenTable tokens = run.Data.Tokens;
        float[] values = run.Data.Response.Values(part);
        int start = component * tokens.Count;
        int rows = places.Select(i => tokens.Row[i]).Distinct().Count();
        foreach (IGrouping<int, int> same in places.GroupBy(i => tokens.Id[i]))
        {
            double[] sums = [.. same.GroupBy(i => tokens.Row[i], (_, row) => row.Sum(i => (double)values[start + i]))];
            double total = sums.Sum();
            double rowMean = total / rows;
            double squares = sums.Sum(sum => (sum - rowMean) * (sum - rowMean)) + ((rows - sums.Length) * rowMean * rowMean);
            int count = same.Count();
            yield return new VocabularyResponse(
                run.Manifest.ProbeNames[probe],
                run.Manifest.Components[component],
                same.Key,
                count,
                total / count,
                total / places.Length,
                rows < 2 ? double.NaN : Math.Sqrt(squares * rows / (rows - 1.0)) / places.Length
            );
        }
    }
}

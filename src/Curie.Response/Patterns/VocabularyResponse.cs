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
            let followed = places[probe].ToArray()
            let ids = followed
                .GroupBy(i => tokens.Id[i], (id, same) => (id, same.GroupBy(i => tokens.Row[i], (_, row) => row.ToArray()).ToArray()))
                .ToArray()
            let rows = followed.Select(i => tokens.Row[i]).Distinct().Count()
            from component in ComponentTokens.Strongest(run, part).Order()
            from one in ids.Select(id => Of(run, part, (probe, component), id, (followed.Length, rows)))
                .OrderByDescending(one => Math.Abs(one.Contribution))
                .Take(most)
            select one,
        ];
    }

    /// <summary>Sums up one id over the occurrences in each row that has it.</summary>
    private static VocabularyResponse Of(
        SusceptibilityRun run,
        ResponsePart part,
        (int Probe, int Component) cell,
        (int Id, int[][] Rows) token,
        (int Tokens, int Rows) followed
    )
    {
        float[] values = run.Data.Response.Values(part);
        int start = cell.Component * run.Data.Tokens.Count;
        double[] sums = [.. token.Rows.Select(row => row.Sum(i => (double)values[start + i]))];
        double total = sums.Sum();
        double rowMean = total / followed.Rows;
        double squares = sums.Sum(sum => (sum - rowMean) * (sum - rowMean)) + ((followed.Rows - sums.Length) * rowMean * rowMean);
        int count = token.Rows.Sum(row => row.Length);
        return new VocabularyResponse(
            run.Manifest.ProbeNames[cell.Probe],
            run.Manifest.Components[cell.Component],
            token.Id,
            count,
            total / count,
            total / followed.Tokens,
            followed.Rows < 2 ? double.NaN : Math.Sqrt(squares * followed.Rows / (followed.Rows - 1.0)) / followed.Tokens
        );
    }
}

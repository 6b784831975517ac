using Curie.Response.Runs;

namespace Curie.Response.Patterns;

/// <summary>
/// The mean over some tokens with an error whose units are rows of text: tokens of a row depend on one another, rows do not. Of R rows with
/// sums s_r over n_r
/// tokens the mean is m = Σs/Σn and its squared error R/(R − 1)·Σ(s_r − n_r·m)²/(Σn)², a ratio estimator's (Cochran 1977, section 6.4).
/// </summary>
/// <param name="Tokens">Σn.</param>
/// <param name="Rows">R.</param>
/// <param name="Mean">m; NaN where there is no token.</param>
/// <param name="StandardError">Its error; NaN for fewer than two rows.</param>
public readonly record struct RowMean(int Tokens, int Rows, double Mean, double StandardError)
{
    /// <summary>Averages numbers, one per token.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="members">Which tokens count.</param>
    /// <param name="tokens">Where each token comes from.</param>
    public static RowMean Of(ReadOnlySpan<float> values, bool[] members, TokenTable tokens)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return Of(wide, members, tokens);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{float}, bool[], TokenTable)"/>
    public static RowMean Of(ReadOnlySpan<double> values, bool[] members, TokenTable tokens)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(tokens);
        Dictionary<(int, int), (double Sum, int Count)> rows = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (members[i])
            {
                (double sum, int count) = rows.GetValueOrDefault((tokens.Probe[i], tokens.Row[i]));
                rows[(tokens.Probe[i], tokens.Row[i])] = (sum + values[i], count + 1);
            }
        }

        int total = rows.Values.Sum(row => row.Count);
        double mean = rows.Values.Sum(row => row.Sum) / total;
        double squares = rows.Values.Sum(row => (row.Sum - (row.Count * mean)) * (row.Sum - (row.Count * mean)));
        return new RowMean(
            total,
            rows.Count,
            mean,
            rows.Count < 2 ? double.NaN : Math.Sqrt(squares * rows.Count / (rows.Count - 1.0)) / total
        );
    }
}

using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>Pearson's r over tokens, with a jackknife error that leaves out up to 20 groups of rows of text one at a time.</summary>
public static class RowCorrelation
{
    private const int MostGroups = 20;

    /// <summary>The group of every token: its row of text, rows taken in turn.</summary>
    public static int[] Groups(TokenTable tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        int row = -1;
        int[] rows = new int[tokens.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            row += i == 0 || tokens.Row[i] != tokens.Row[i - 1] || tokens.Probe[i] != tokens.Probe[i - 1] ? 1 : 0;
            rows[i] = row % MostGroups;
        }

        return rows;
    }

    /// <summary>Correlates two measures of the same tokens.</summary>
    /// <param name="x">One, by token.</param>
    /// <param name="y">The other.</param>
    /// <param name="groups">As <see cref="Groups"/> gives them.</param>
    /// <param name="members">Whether a token counts; at least one does. Empty for all.</param>
    /// <returns>r, NaN where one side is constant; and its error, NaN with a single group.</returns>
    public static (double Correlation, double StandardError) Of(
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> y,
        ReadOnlySpan<int> groups,
        ReadOnlySpan<bool> members = default
    )
    {
        // Sums about a first value lose little to cancellation.
        int first = members.IsEmpty ? 0 : members.IndexOf(true);
        Sums[] parts = new Sums[MostGroups];
        for (int i = 0; i < x.Length; i++)
        {
            if (members.IsEmpty || members[i])
            {
                parts[groups[i]] = parts[groups[i]].Add(x[i] - x[first], y[i] - y[first]);
            }
        }

        Sums all = parts.Aggregate(default(Sums), (sum, part) => sum.Plus(part, 1));
        double[] without = [.. parts.Where(part => part.Count > 0).Select(part => all.Plus(part, -1).Correlation)];
        double mean = without.Average();
        double error =
            without.Length < 2
                ? double.NaN
                : Math.Sqrt((without.Length - 1.0) / without.Length * without.Sum(r => (r - mean) * (r - mean)));
        return (all.Correlation, error);
    }

    private readonly record struct Sums(double Count, double X, double Y, double Xx, double Yy, double Xy)
    {
        public double Correlation
        {
            get
            {
                double xx = Xx - (X * X / Count);
                double yy = Yy - (Y * Y / Count);
                return xx > 0 && yy > 0 ? (Xy - (X * Y / Count)) / Math.Sqrt(xx * yy) : double.NaN;
            }
        }

        public Sums Add(double x, double y) => new(Count + 1, X + x, Y + y, Xx + (x * x), Yy + (y * y), Xy + (x * y));

        public Sums Plus(Sums other, int sign) =>
            new(
                Count + (sign * other.Count),
                X + (sign * other.X),
                Y + (sign * other.Y),
                Xx + (sign * other.Xx),
                Yy + (sign * other.Yy),
                Xy + (sign * other.Xy)
            );
    }
}

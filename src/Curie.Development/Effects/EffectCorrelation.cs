using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Development.Effects;

/// <summary>How a component's response agrees with another measure of what the component does, over the tokens of one pattern.</summary>
/// <param name="Component">The component.</param>
/// <param name="Measure">The measure's name.</param>
/// <param name="Pattern">The pattern, or `all`.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Correlation">Pearson's r over them; NaN where one side is constant.</param>
/// <param name="StandardError">Its jackknife error, leaving out up to 20 groups of rows of text one at a time.</param>
public sealed record EffectCorrelation(
    string Component,
    string Measure,
    string Pattern,
    int Tokens,
    double Correlation,
    double StandardError
)
{
    /// <summary>The name of the pattern that holds every token.</summary>
    public const string All = "all";

    private const int MostGroups = 20;
    private const int FewestTokens = 20;

    /// <summary>
    /// Correlates the response of every head that has an estimate with every measure, over all tokens and over each pattern with at least
    /// 20.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part of the response.</param>
    /// <param name="effects">The measures.</param>
    /// <param name="classes">The patterns.</param>
    public static IReadOnlyList<EffectCorrelation> Of(SusceptibilityRun run, ResponsePart part, HeadEffects effects, TokenClasses classes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(classes);
        bool[] everything = new bool[run.Data.Tokens.Count];
        Array.Fill(everything, true);
        (string Name, bool[] Members)[] patterns = [(All, everything), .. classes.Names.Zip(classes.Members)];
        int[] groups = Groups(run.Data.Tokens);
        List<EffectCorrelation> result = [];
        for (int c = 0; c < run.Manifest.Components.Count; c++)
        {
            int head = effects.Components.ToList().IndexOf(run.Manifest.Components[c]);
            if (head < 0)
            {
                continue;
            }

            ReadOnlySpan<float> response = run.Data.Response.Values(part).AsSpan(c * everything.Length, everything.Length);
            foreach ((string measure, IReadOnlyList<float[]> values) in effects.Measures)
            {
                foreach ((string pattern, bool[] members) in patterns)
                {
                    int tokens = members.Count(member => member);
                    if (tokens >= FewestTokens)
                    {
                        (double r, double error) = Correlate(response, values[head], members, groups);
                        result.Add(new EffectCorrelation(run.Manifest.Components[c], measure, pattern, tokens, r, error));
                    }
                }
            }
        }

        return result;
    }

    private static int[] Groups(TokenTable tokens)
    {
        int row = -1;
        int[] rows = new int[tokens.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            row += i == 0 || tokens.Row[i] != tokens.Row[i - 1] || tokens.Probe[i] != tokens.Probe[i - 1] ? 1 : 0;
            rows[i] = row % MostGroups;
        }

        return rows;
    }

    private static (double Correlation, double Error) Correlate(ReadOnlySpan<float> x, ReadOnlySpan<float> y, bool[] members, int[] groups)
    {
        // Sums about a first value lose little to cancellation.
        int first = Array.IndexOf(members, true);
        Sums[] parts = new Sums[MostGroups];
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i])
            {
                parts[groups[i]] = parts[groups[i]].Add((double)x[i] - x[first], (double)y[i] - y[first]);
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

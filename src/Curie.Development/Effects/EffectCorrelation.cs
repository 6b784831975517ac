using Curie.Response.Attribution;
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
        int[] groups = RowCorrelation.Groups(run.Data.Tokens);
        List<EffectCorrelation> result = [];
        for (int c = 0; c < run.Manifest.Components.Count; c++)
        {
            int head = effects.Components.ToList().IndexOf(run.Manifest.Components[c]);
            if (head < 0)
            {
                continue;
            }

            double[] response = Doubles(run.Data.Response.Values(part).AsSpan(c * everything.Length, everything.Length));
            foreach ((string measure, IReadOnlyList<float[]> values) in effects.Measures)
            {
                double[] measured = Doubles(values[head]);
                foreach ((string pattern, bool[] members) in patterns)
                {
                    int tokens = members.Count(member => member);
                    if (tokens >= FewestTokens)
                    {
                        (double r, double error) = RowCorrelation.Of(response, measured, groups, members);
                        result.Add(new EffectCorrelation(run.Manifest.Components[c], measure, pattern, tokens, r, error));
                    }
                }
            }
        }

        return result;
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
}

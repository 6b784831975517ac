using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Development.Effects;

/// <summary>A head's mean effect over the tokens of a probe or of a pattern.</summary>
/// <param name="Component">The head.</param>
/// <param name="Measure">The measure's name.</param>
/// <param name="Over">`probe` or `pattern`.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tokens">The tokens.</param>
/// <param name="Mean">The mean over them.</param>
/// <param name="StandardError">Its standard error over rows of text, whose tokens are not independent; NaN for a single row.</param>
public sealed record MeanEffect(string Component, string Measure, string Over, string Name, int Tokens, double Mean, double StandardError)
{
    /// <summary>The means of every head and measure over every probe and every pattern that has tokens.</summary>
    /// <param name="run">The run.</param>
    /// <param name="effects">The measures.</param>
    /// <param name="classes">The patterns.</param>
    public static IEnumerable<MeanEffect> Of(SusceptibilityRun run, HeadEffects effects, TokenClasses classes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(classes);
        return from measure in effects.Measures
            from head in Enumerable.Range(0, effects.Components.Count)
            from set in TokenSet.Of(run, classes)
            let mean = RowMean.Of(measure.Values[head], set.Members, run.Data.Tokens)
            where mean.Tokens > 0
            select new MeanEffect(effects.Components[head], measure.Name, set.Over, set.Name, mean.Tokens, mean.Mean, mean.StandardError);
    }
}

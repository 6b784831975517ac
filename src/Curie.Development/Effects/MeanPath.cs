using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Development.Effects;

/// <summary>What one head does through one later head, over the tokens of a probe or of a pattern.</summary>
/// <param name="Sender">The earlier head.</param>
/// <param name="Receiver">The head of a later layer.</param>
/// <param name="Over">`probe` or `pattern`.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tokens">The tokens.</param>
/// <param name="Mean">The mean rise of their losses without the path, nats.</param>
/// <param name="StandardError">Its standard error over rows of text, whose tokens are not independent; NaN for a single row.</param>
public sealed record MeanPath(string Sender, string Receiver, string Over, string Name, int Tokens, double Mean, double StandardError)
{
    /// <summary>The means of every path over every probe and every pattern that has tokens.</summary>
    /// <param name="run">The run.</param>
    /// <param name="paths">The paths; their values per token are not kept.</param>
    /// <param name="classes">The patterns.</param>
    public static IEnumerable<MeanPath> Of(SusceptibilityRun run, IEnumerable<PathEffect> paths, TokenClasses classes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(classes);
        IReadOnlyList<TokenSet> sets = TokenSet.Of(run, classes);
        return from path in paths
            from set in sets
            let mean = RowMean.Of(path.Change, set.Members, run.Data.Tokens)
            where mean.Tokens > 0
            select new MeanPath(path.Sender, path.Receiver, set.Over, set.Name, mean.Tokens, mean.Mean, mean.StandardError);
    }
}

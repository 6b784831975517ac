using Curie.Response.Designs;
using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Studies.Designs;

/// <summary>The mean weight of a pattern's tokens.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Mean">Their mean weight.</param>
/// <param name="StandardError">Its error over rows of text; NaN for fewer than two rows.</param>
public sealed record PatternWeight(string Pattern, int Tokens, double Mean, double StandardError)
{
    /// <summary>Averages the weights of a design over every pattern that has tokens.</summary>
    /// <param name="run">The run.</param>
    /// <param name="design">The design.</param>
    /// <param name="classes">The patterns of all tokens of the run.</param>
    public static IReadOnlyList<PatternWeight> Of(SusceptibilityRun run, DataDesign design, TokenClasses classes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(classes);
        double[] weights = new double[run.Data.Tokens.Count];
        bool[] designed = new bool[weights.Length];
        for (int i = 0; i < design.Weights.Count; i++)
        {
            weights[design.FirstToken + i] = design.Weights[i];
            designed[design.FirstToken + i] = true;
        }

        List<PatternWeight> found = [];
        for (int p = 0; p < classes.Names.Count; p++)
        {
            bool[] members = [.. classes.Members[p].Select((member, i) => member && designed[i])];
            RowMean mean = RowMean.Of(weights, members, run.Data.Tokens);
            if (mean.Tokens > 0)
            {
                found.Add(new PatternWeight(classes.Names[p], mean.Tokens, mean.Mean, mean.StandardError));
            }
        }

        return found;
    }
}

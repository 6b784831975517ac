using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The standard errors of a mode's scores at fixed loadings: a score Σ_c v_c·(x_c(i) − mean) is linear in the part, so its error is that of
/// the batch means of the
/// same sum (<see cref="BatchEstimate.Linearized"/>). The same batches of `full` and of all components go together, which keeps what they
/// share.
/// </summary>
public static class ModeScoreErrors
{
    /// <summary>One error per token of the run; NaN for tokens whose batch means are not kept.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="modes">Modes of this part, each component centred over all tokens.</param>
    /// <param name="mode">The mode, from 0.</param>
    public static double[] Of(SusceptibilityRun run, ResponsePart part, ModeAnalysis modes, int mode)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(modes);
        double[] errors = new double[run.Data.Tokens.Count];
        Array.Fill(errors, double.NaN);
        if (
            BatchEstimate.Of(run, [.. modes.Components.Select(name => run.Manifest.Components.ToList().IndexOf(name))], part).Estimate
            is not { } batches
        )
        {
            return errors;
        }

        double[][] sums = [.. batches.Draws.Select(_ => new double[batches.Tokens.Length])];
        for (int c = 0; c < modes.Count; c++)
        {
            double[][] linear = batches.Linearized(part, c);
            for (int b = 0; b < sums.Length; b++)
            {
                double mean = linear[b].Average();
                for (int i = 0; i < sums[b].Length; i++)
                {
                    sums[b][i] += modes.Loadings(mode)[c] * (linear[b][i] - mean);
                }
            }
        }

        double[] ofToken = new double[sums.Length];
        for (int i = 0; i < batches.Tokens.Length; i++)
        {
            for (int b = 0; b < sums.Length; b++)
            {
                ofToken[b] = sums[b][i];
            }

            errors[batches.Tokens[i]] = batches.StandardError(ofToken);
        }

        return errors;
    }
}

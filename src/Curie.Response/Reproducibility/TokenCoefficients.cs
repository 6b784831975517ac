using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The standard error of a token's learning coefficient λ_C,i = λ̂_C + nβ·S_C,i = nβ·E_C[ℓ_i − ℓ_i(w*)]. Both terms come from the same
/// draws, so it is the error of batch means of
/// nβ·(Φ + D), of variance (nβ)²·(ΦΦ + 2·DΦ + DD) in the symbols of <see cref="SusceptibilityEstimates"/>, which needs the batch means of
/// the token.
/// </summary>
public static class TokenCoefficients
{
    /// <summary>The errors, components × tokens.</summary>
    /// <param name="run">The run.</param>
    /// <param name="nBeta">nβ.</param>
    /// <returns>NaN for tokens whose batch means are not kept, and for components without an estimate; null where the run keeps no batch
    /// means.</returns>
    public static float[]? StandardErrors(SusceptibilityRun run, double nBeta)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Data.Batches is null)
        {
            return null;
        }

        int tokens = run.Data.Tokens.Count;
        float[] errors = new float[checked(run.Manifest.Components.Count * tokens)];
        Array.Fill(errors, float.NaN);
        for (int component = 0; component < run.Manifest.Components.Count; component++)
        {
            if (BatchEstimate.Of(run, [component], ResponsePart.Excess).Estimate is { } batches)
            {
                Fill(batches, nBeta, errors.AsSpan(component * tokens, tokens));
            }
        }

        return errors;
    }

    private static void Fill(BatchEstimate batches, double nBeta, Span<float> errors)
    {
        double[][] excess = batches.Linearized(ResponsePart.Excess, 0);
        ReadOnlySpan<double> phi = batches.PhiOf(0);
        double[] means = new double[excess.Length];
        for (int i = 0; i < batches.Tokens.Length; i++)
        {
            for (int b = 0; b < means.Length; b++)
            {
                means[b] = phi[b] + excess[b][i];
            }

            errors[batches.Tokens[i]] = (float)(nBeta * batches.StandardError(means));
        }
    }
}

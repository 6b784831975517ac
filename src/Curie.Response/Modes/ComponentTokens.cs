using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Modes;

/// <summary>A token's centred response to one component.</summary>
/// <param name="Token">The token's index in the run.</param>
/// <param name="Value">ψ = χ − mean of χ over tokens.</param>
/// <param name="StandardError">The standard error of χ; the mean over many tokens adds little to it.</param>
public readonly record struct TokenResponse(int Token, double Value, double StandardError);

/// <summary>
/// The tokens that one component expresses and suppresses. With ψ_i = χ_i − mean_i χ_i, ψ &lt; 0 is expression and ψ &gt; 0 suppression.
/// Each token id appears at most once on a side, by its most extreme occurrence.
/// </summary>
/// <param name="Component">The component.</param>
/// <param name="Expressed">The most negative ψ, rising.</param>
/// <param name="Suppressed">The most positive ψ, falling.</param>
/// <param name="StandardDeviation">The standard deviation of ψ over tokens.</param>
/// <remarks>Source: Baker et al., arXiv 2504.18274.</remarks>
public sealed record ComponentTokens(
    string Component,
    IReadOnlyList<TokenResponse> Expressed,
    IReadOnlyList<TokenResponse> Suppressed,
    double StandardDeviation
)
{
    /// <summary>Finds the tokens of one component.</summary>
    /// <param name="run">The run.</param>
    /// <param name="component">The component's row.</param>
    /// <param name="count">How many tokens on each side; a side holds only tokens of its own sign.</param>
    /// <param name="part">The part to look at. Default null: χ.</param>
    /// <returns>The tokens, or null where the component has no estimate.</returns>
    public static ComponentTokens? Of(SusceptibilityRun run, int component, int count, ResponsePart? part = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        part ??= ResponsePart.Susceptibility;
        PartMatrices<float> matrices = run.Data.Response;
        int start = component * matrices.Columns;
        float[] errors = matrices.StandardErrors(part);
        double[] centred = Centred(matrices.Values(part).AsSpan(start, matrices.Columns));
        double deviation = Deviation(centred);
        if (!double.IsFinite(deviation))
        {
            return null;
        }

        ModeExtremes ends = ModeExtremes.OfDistinct(centred, run.Data.Tokens.Id, count);
        return new ComponentTokens(
            run.Manifest.Components[component],
            [.. ends.Bottom.Where(token => token.Score < 0).Select(Response)],
            [.. ends.Top.Where(token => token.Score > 0).Select(Response)],
            deviation
        );

        TokenResponse Response(TokenScore score) => new(score.Token, score.Score, errors[start + score.Token]);
    }

    /// <summary>
    /// The tokens that set one component apart from the others: with z_ci = ψ_ci divided by its standard deviation over tokens, the score
    /// is
    /// z_ci less its mean over all components that have an estimate, which removes the mode they share (Gordon et al., arXiv 2601.12703).
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="component">The component's row.</param>
    /// <param name="count">How many tokens on each side; a side holds only tokens of its own sign.</param>
    /// <param name="part">The part to look at. Default null: χ.</param>
    /// <returns>
    /// The tokens, in standard deviations, with errors that take the components' estimates as independent; null where the component has no
    /// estimate or
    /// stands alone.
    /// </returns>
    public static ComponentTokens? ApartFromOthers(SusceptibilityRun run, int component, int count, ResponsePart? part = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        part ??= ResponsePart.Susceptibility;
        PartMatrices<float> matrices = run.Data.Response;
        int tokens = matrices.Columns;
        IReadOnlyList<int> rows = Strongest(run, part);
        if (rows.Count < 2 || !rows.Contains(component))
        {
            return null;
        }

        double[] score = new double[tokens];
        double[] variance = new double[tokens];
        foreach (int row in rows)
        {
            double[] centred = Centred(matrices.Values(part).AsSpan(row * tokens, tokens));
            double scale = 1 / Deviation(centred);
            double weight = (row == component ? 1.0 : 0.0) - (1.0 / rows.Count);
            for (int i = 0; i < tokens; i++)
            {
                double error = matrices.StandardErrors(part)[(row * tokens) + i] * scale * weight;
                score[i] += centred[i] * scale * weight;
                variance[i] += error * error;
            }
        }

        ModeExtremes ends = ModeExtremes.OfDistinct(score, run.Data.Tokens.Id, count);
        return new ComponentTokens(
            run.Manifest.Components[component],
            [.. ends.Bottom.Where(token => token.Score < 0).Select(Response)],
            [.. ends.Top.Where(token => token.Score > 0).Select(Response)],
            Deviation(score)
        );

        TokenResponse Response(TokenScore token) => new(token.Token, token.Score, Math.Sqrt(variance[token.Token]));
    }

    /// <summary>
    /// The rows of the components that have an estimate and vary over tokens, those whose ψ varies most over tokens first.
    /// </summary>
    public static IReadOnlyList<int> Strongest(SusceptibilityRun run, ResponsePart? part = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        part ??= ResponsePart.Susceptibility;
        PartMatrices<float> matrices = run.Data.Response;
        double[] deviations =
        [
            .. Enumerable
                .Range(0, matrices.Rows)
                .Select(row => Deviation(Centred(matrices.Values(part).AsSpan(row * matrices.Columns, matrices.Columns)))),
        ];
        return
        [
            .. Enumerable
                .Range(0, matrices.Rows)
                .Where(row => double.IsFinite(deviations[row]) && deviations[row] > 0)
                .OrderByDescending(row => deviations[row]),
        ];
    }

    private static double[] Centred(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double[] centred = new double[values.Length];
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = values[i] - (sum / centred.Length);
        }

        return centred;
    }

    private static double Deviation(double[] centred) => Math.Sqrt(centred.Sum(value => value * value) / centred.Length);
}

using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// How much of a component's covariance part its gradients at w* predict without any sampling (<see cref="SusceptibilityData.Alignment"/>).
/// </summary>
/// <param name="Component">The component.</param>
/// <param name="Correlation">The correlation over all tokens of the prediction with the measured covariance part; NaN where one of them is
/// missing or constant.</param>
/// <param name="Ceiling">√ρ, the correlation of a perfect prediction: ρ is the covariance's own reliability; null where it is unknown or
/// none is seen.</param>
/// <param name="SizeRatio">The standard deviation of the prediction over tokens, over that of the covariance part.</param>
public sealed record ComponentAlignment(string Component, double Correlation, double? Ceiling, double SizeRatio)
{
    /// <summary>Compares every component of a run; null where the run holds no prediction.</summary>
    public static IReadOnlyList<ComponentAlignment>? Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Data.Alignment is { } alignment
            ? [.. Enumerable.Range(0, run.Manifest.Components.Count).Select(row => Compare(run, alignment, row))]
            : null;
    }

    private static ComponentAlignment Compare(SusceptibilityRun run, float[] alignment, int row)
    {
        int tokens = run.Data.Tokens.Count;
        double[] predicted = Row(alignment, row, tokens);
        double[] measured = Row(run.Data.Response.Values(ResponsePart.Covariance), row, tokens);
        Reliability? reliability = BatchBasis.Of(run, ResponsePart.Covariance, [row]).Basis is { } basis
            ? SplitAgreement.Of(basis, 0).Components[0]
            : null;
        return new ComponentAlignment(
            run.Manifest.Components[row],
            Moments.Correlation(predicted, measured),
            reliability is { Corrected: > 0 } known ? Math.Sqrt(known.Corrected) : null,
            Math.Sqrt(Moments.Covariance(predicted, predicted) / Moments.Covariance(measured, measured))
        );
    }

    private static double[] Row(float[] values, int row, int tokens) =>
        Array.ConvertAll(values[(row * tokens)..((row + 1) * tokens)], value => (double)value);
}

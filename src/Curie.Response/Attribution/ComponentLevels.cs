using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>
/// How much of what a component shows is there before the loss is felt: its mean excess loss, its excess and its covariance under the
/// localisation's Gaussian alone, and
/// what the loss surface adds (<see cref="LevelData"/>). Of the covariance that is the chains' value less the Gaussian's, whose draws are
/// independent of the chains'.
/// </summary>
/// <param name="Component">The component, `full` among them.</param>
/// <param name="Phi">E[φ], nats.</param>
/// <param name="Excess">The excess over tokens, nats; null where the run does not hold it.</param>
/// <param name="ExcessVarianceRatio">
/// The mean squared standard error over tokens of the excess from the chains alone, which is that of R, over that of the two levels added
/// up: above 1 where the levels pay; NaN where the
/// run does not hold the excess.
/// </param>
/// <param name="Covariance">The covariance over tokens, nats²; null where the run does not hold it, as of `full` unless it was asked
/// for.</param>
public sealed record ComponentLevels(
    string Component,
    LevelMean Phi,
    LevelSpread? Excess,
    double ExcessVarianceRatio,
    LevelSpread? Covariance
)
{
    /// <summary>Compares the levels of every run, `full` first; null where the run holds none.</summary>
    public static IReadOnlyList<ComponentLevels>? Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Data.Levels is { } levels ? [.. run.Manifest.Runs.Select((name, place) => Of(run, levels, name, place))] : null;
    }

    private static ComponentLevels Of(SusceptibilityRun run, LevelData levels, string name, int place)
    {
        LevelMean phi = new(
            levels.Phi[place],
            levels.PhiErrors[place],
            levels.Gaussian.Phi[place],
            levels.Gaussian.PhiErrors[place],
            levels.Loss.Phi[place],
            levels.Loss.PhiErrors[place]
        );
        (LevelSpread? excess, double ratio) = ExcessLevels(run, levels, place) is var (total, gaussian, loss)
            ? (LevelSpread.Of(total, gaussian, loss), total.NoiseVariance / (gaussian.NoiseVariance + loss.NoiseVariance))
            : (null, double.NaN);
        return new ComponentLevels(name, phi, excess, ratio, CovarianceSpread(run, levels, place));
    }

    private static (TokenEstimates Total, TokenEstimates Gaussian, TokenEstimates Loss)? ExcessLevels(
        SusceptibilityRun run,
        LevelData levels,
        int place
    ) =>
        Estimates(run, ResponsePart.Excess, place) is { } total
            ? (
                total,
                TokenEstimates.Of(levels.Gaussian.Of(place), levels.Gaussian.ErrorsOf(place)),
                TokenEstimates.Of(levels.Loss.Of(place), levels.Loss.ErrorsOf(place))
            )
            : null;

    private static LevelSpread? CovarianceSpread(SusceptibilityRun run, LevelData levels, int place)
    {
        if (Estimates(run, ResponsePart.Covariance, place) is not { } total)
        {
            return null;
        }

        TokenEstimates gaussian = TokenEstimates.Of(levels.Covariance.Of(place), levels.Covariance.ErrorsOf(place));
        return LevelSpread.Of(total, gaussian, total.Less(gaussian));
    }

    /// <summary>What the chains give of a part; null where the run does not hold it.</summary>
    private static TokenEstimates? Estimates(SusceptibilityRun run, ResponsePart part, int place)
    {
        SusceptibilityData data = run.Data;
        if (place > 0)
        {
            return run.Manifest.Holds(part) ? Row(data.Response, part, place - 1) : null;
        }

        return part == ResponsePart.Excess ? TokenEstimates.Of(data.FullExcess, data.FullShiftStandardErrors)
            : data.FullCovariance is { } full ? Row(full.Tokens, part, 0)
            : null;
    }

    private static TokenEstimates Row(PartMatrices<float> matrices, ResponsePart part, int row) =>
        TokenEstimates.Of(
            matrices.Values(part).AsSpan(row * matrices.Columns, matrices.Columns),
            matrices.StandardErrors(part).AsSpan(row * matrices.Columns, matrices.Columns)
        );
}

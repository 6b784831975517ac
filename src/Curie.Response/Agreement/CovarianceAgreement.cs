using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Agreement;

/// <summary>
/// Two runs' covariance parts of the same components at the same tokens of the same model, such as one measured as a response and one as a
/// product of fluctuations: for every
/// component the slope of the one on the other over tokens, each less its mean over tokens, beside what the settings make one expect
/// (<see cref="ExpectedSlope"/>).
/// </summary>
/// <param name="IsRunRegressor">
/// Whether the first run is the regressor rather than the second. A response is, where one of the two is, as it has less noise and no
/// first-order effect of the step; otherwise the first run.
/// </param>
/// <param name="Regressor">How the regressor's covariance was measured.</param>
/// <param name="Other">How the other's was.</param>
/// <param name="Tokens">The tokens compared: those whose batch means both runs keep.</param>
/// <param name="Components">Every component that both runs hold, in the order of the first.</param>
/// <param name="Pooled">The slope of all components together, each scaled to the same size; null where none has a slope.</param>
/// <param name="WhyNoneExpected">Why no slope is expected, as half a sentence, or null.</param>
/// <param name="SharedNoise">Whether both runs have the same seed, so that their chains may share noise, which slope and errors take for
/// independent.</param>
public sealed record CovarianceAgreement(
    bool IsRunRegressor,
    CovarianceEstimator Regressor,
    CovarianceEstimator Other,
    int Tokens,
    IReadOnlyList<ComponentSlope> Components,
    ComponentSlope? Pooled,
    string? WhyNoneExpected,
    bool SharedNoise
)
{
    private const string All = "all";

    /// <summary>Compares two runs.</summary>
    /// <param name="run">A run.</param>
    /// <param name="other">Another run.</param>
    /// <exception cref="InputException">
    /// One of them holds no covariance or keeps no batch means; or they are of another model, follow other tokens, or have no component in
    /// common.
    /// </exception>
    public static CovarianceAgreement Of(ComparedRun run, ComparedRun other)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(other);
        Require(run.Run, other.Run);
        int[] tokens = [.. run.Run.Data.Batches!.Token.Intersect(other.Run.Data.Batches!.Token)];
        string[] names = [.. run.Run.Manifest.Components.Intersect(other.Run.Manifest.Components)];
        if (names.Length == 0 || tokens.Length < 2)
        {
            throw new InputException(
                names.Length == 0
                    ? $"the runs have no component in common: {string.Join(", ", run.Run.Manifest.Components)} and "
                        + $"{string.Join(", ", other.Run.Manifest.Components)}; sample the same ones."
                    : "the runs keep batch means of different tokens, so that there is nothing to compare; follow fewer tokens."
            );
        }

        bool isRun =
            run.Run.Manifest.Estimator == CovarianceEstimator.Response || other.Run.Manifest.Estimator == CovarianceEstimator.Product;
        (ComparedRun x, ComparedRun y) = isRun ? (run, other) : (other, run);
        string? none = ExpectedSlope.WhyNone(x, y);
        (ComponentSlope Slope, SlopeProducts? Products)[] slopes = [.. names.Select(name => Compare(x, y, name, tokens, none is null))];
        SlopeProducts[] known = [.. slopes.Where(one => one.Slope.Reason is null).Select(one => one.Products!)];
        return new CovarianceAgreement(
            isRun,
            x.Run.Manifest.Estimator,
            y.Run.Manifest.Estimator,
            tokens.Length,
            [.. slopes.Select(one => one.Slope)],
            known.Length == 0 ? null : Pool([.. slopes.Select(one => one.Slope).Where(slope => slope.Reason is null)], known),
            none,
            x.Sampling.Seed == y.Sampling.Seed
        );
    }

    /// <summary>Requires that two runs can be compared.</summary>
    /// <param name="run">A run.</param>
    /// <param name="other">Another run.</param>
    /// <exception cref="InputException">One of them holds no covariance or keeps no batch means; or they are of another model or follow
    /// other tokens.</exception>
    public static void Require(SusceptibilityRun run, SusceptibilityRun other)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(other);
        foreach (SusceptibilityRun one in new[] { run, other })
        {
            if (!one.Manifest.Holds(ResponsePart.Covariance))
            {
                string held = string.Join(" and ", one.Manifest.HeldParts.Select(part => part.Name));
                throw new InputException(
                    $"covariances are compared, and one of the runs holds {held} alone; give two runs of curie susceptibility."
                );
            }

            if (one.Data.Batches is null)
            {
                throw new InputException(
                    "one of the runs keeps no batch means, without which a slope has no error; run it again with this version."
                );
            }
        }

        TokenTable tokens = run.Data.Tokens;
        if (!tokens.HasSameTokens(other.Data.Tokens))
        {
            throw new InputException(
                "the runs follow different tokens, so their covariances cannot be compared; run both with the same probes and tokenizer."
            );
        }

        if (!tokens.InitLoss.SequenceEqual(other.Data.Tokens.InitLoss))
        {
            throw new InputException(
                "the runs are of different models: their losses at the checkpoint differ; run both with the same model."
            );
        }
    }

    private static (ComponentSlope Slope, SlopeProducts? Products) Compare(
        ComparedRun x,
        ComparedRun y,
        string name,
        int[] tokens,
        bool expected
    )
    {
        int xRow = x.Run.Manifest.Components.ToList().IndexOf(name);
        int yRow = y.Run.Manifest.Components.ToList().IndexOf(name);
        (CovarianceBatches? xBatches, string? xReason) = CovarianceBatches.Of(x.Run, xRow, tokens);
        (CovarianceBatches? yBatches, string? yReason) = CovarianceBatches.Of(y.Run, yRow, tokens);
        if (xBatches is null || yBatches is null)
        {
            return (new ComponentSlope(name, double.NaN, double.NaN, double.NaN, null, double.NaN, double.NaN, xReason ?? yReason), null);
        }

        SlopeProducts products = new(xBatches, yBatches);
        SlopeEstimate slope = SlopeEstimate.Of([products]);
        double most = StiffnessLimit.Of(x.Sampling, StiffnessLimit.Deviation((x.Run, xRow), (y.Run, yRow)));
        string? reason = double.IsNaN(slope.Slope) ? "its values in the run that is regressed on are no more than noise." : null;
        return (
            new ComponentSlope(
                name,
                slope.Slope,
                slope.StandardError,
                slope.DegreesOfFreedom,
                expected ? ExpectedSlope.Of(x, y, most) : null,
                products.RegressorNoise,
                products.OtherNoise,
                reason
            ),
            products
        );
    }

    private static ComponentSlope Pool(ComponentSlope[] slopes, SlopeProducts[] products)
    {
        SlopeEstimate pooled = SlopeEstimate.Of(products);
        ExpectedSlope? expected = slopes[0].Expected is null
            ? null
            : new ExpectedSlope(slopes.Min(one => one.Expected!.Low), slopes.Max(one => one.Expected!.High));
        return new ComponentSlope(All, pooled.Slope, pooled.StandardError, pooled.DegreesOfFreedom, expected, double.NaN, double.NaN, null);
    }
}

using Curie.Response.Accumulation;
using Curie.Sampling;

namespace Curie.Response.Estimators;

/// <summary>
/// Every part of the susceptibility of one component, with standard errors. With φ = P − L0, d_i = ℓ_i − P, bars for means over the draws
/// of
/// the component's healthy pairs of chains (pooled, no n − 1), C the contributions to the covariance and F_i from the run `full`:
/// <code>
/// covariance_i      = C̄_i                    by the response
///                   = C̄_i + φ̄·d̄_i,  C = −φ·d  by the product of fluctuations
/// renormalization_i = φ̄·(F_i − R_i),   R_i = d̄_i,   χ = covariance + renormalization
/// excess_i          = R_i less its value at w*
/// </code>
/// A standard error is that of the batch means of the linearised estimator. With κ = 0 for the response and 1 for the product, and batch
/// means C, D of d and Φ of φ,
/// it is the error of C + κ(φ̄·D + d̄·Φ) for the covariance, (F − R)·Φ − φ̄·D for the renormalisation, their sum for χ, and D for R and the
/// excess. Where F enters,
/// φ̄·SE(F) is added in quadrature, as for independent runs. L0 carries no error of its own: it is the loss at w* on the very rows that
/// give P.
/// </summary>
/// <remarks>Sources: two-run estimator, Baker et al., arXiv 2504.18274, App. C.4; its two terms by expanding the product; batch means,
/// Flegal and
/// Jones 2010.</remarks>
public sealed class SusceptibilityEstimates
{
    private readonly double[][] _values;
    private readonly double[][] _standardErrors;

    private SusceptibilityEstimates(int tokens)
    {
        _values = [.. ResponsePart.All.Select(_ => new double[tokens])];
        _standardErrors = [.. ResponsePart.All.Select(_ => new double[tokens])];
    }

    /// <summary>E_C[φ] in nats.</summary>
    public double MeanPhi { get; private init; }

    /// <summary>The standard error of <see cref="MeanPhi"/> in nats.</summary>
    public double MeanPhiStandardError { get; private init; }

    /// <summary>The batches of the component's own run, less one.</summary>
    public int OwnDegreesOfFreedom { get; private init; }

    /// <summary>The batches of the run `full`, less one.</summary>
    public int FullDegreesOfFreedom { get; private init; }

    /// <summary>
    /// The degrees of freedom of a part's standard errors: an interval is the value ± Student's t of so many times the error. Where the
    /// error
    /// of F enters too, the fewer of the two runs' own, which is what Welch's formula never falls below.
    /// </summary>
    public int DegreesOfFreedom(ResponsePart part) =>
        part.UsesFull ? Math.Min(OwnDegreesOfFreedom, FullDegreesOfFreedom) : OwnDegreesOfFreedom;

    /// <summary>A part, one value per token.</summary>
    public ReadOnlySpan<double> Values(ResponsePart part) => _values[part.Index];

    /// <summary>The standard errors of a part, one per token.</summary>
    public ReadOnlySpan<double> StandardErrors(ResponsePart part) => _standardErrors[part.Index];

    /// <summary>Estimates every part.</summary>
    /// <param name="component">The component's sums, per token or per probe.</param>
    /// <param name="full">F for the same tokens or probes.</param>
    /// <exception cref="ArgumentException">The two differ in their number of tokens.</exception>
    /// <exception cref="Numerics.InputException">The healthy chains hold fewer than two batches.</exception>
    public static SusceptibilityEstimates Compute(TokenMoments component, FullShift full)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(full);
        if (component.Tokens != full.Tokens)
        {
            throw new ArgumentException($"The component has {component.Tokens} tokens and the full run {full.Tokens}.", nameof(full));
        }

        BatchCovariance batches = new(component);
        SusceptibilityEstimates result = new(component.Tokens)
        {
            MeanPhi = batches.Phi,
            OwnDegreesOfFreedom = batches.DegreesOfFreedom,
            FullDegreesOfFreedom = full.DegreesOfFreedom,
            MeanPhiStandardError = Math.Sqrt(Math.Max(0, batches.PhiPhi)),
        };
        int parts = ResponsePart.All.Count;
        Span<double> values = stackalloc double[parts];
        Span<double> errors = stackalloc double[parts];
        for (int i = 0; i < component.Tokens; i++)
        {
            Estimate(i, component, batches, full, values, errors);
            for (int part = 0; part < parts; part++)
            {
                result._values[part][i] = values[part];
                result._standardErrors[part][i] = errors[part];
            }
        }

        return result;
    }

    /// <summary>Every part of one token and its standard errors, in the order of the parts.</summary>
    internal static void Estimate(
        int i,
        TokenMoments sums,
        in BatchCovariance batches,
        FullShift full,
        Span<double> values,
        Span<double> errors
    )
    {
        double phi = batches.Phi;
        double f = full.Changes[i];
        double kappa = sums.Estimator == CovarianceEstimator.Product ? 1 : 0;
        double c = batches.Mean(sums.SumC[i]);
        double d = batches.Mean(sums.SumD[i]);
        BatchCovariances joint = BatchCovariances.Of(i, sums, batches, c, d);
        foreach (ResponsePart part in ResponsePart.All)
        {
            PartWeights weights = part.Weights(phi, kappa);
            double fullError = weights.Gap * full.StandardErrors[i];
            double variance = joint.Variance(weights.Contribution, weights.OwnShift, part.Slope(kappa).Apply(c, d, f));

            // Rounding can take the variance of a constant just below zero.
            errors[part.Index] = Math.Sqrt(Math.Max(0, variance + (weights.Gap == 0 ? 0 : fullError * fullError)));
            values[part.Index] = weights.Apply(c, d, f) + (part.IncludesBaseline ? full.Baselines[i] : 0);
        }
    }
}

using Curie.Sampling;

namespace Curie.Response.Agreement;

/// <summary>
/// The factor by which a finite step makes a covariance that is measured different from the posterior's, for one weight in a potential of
/// stiffness a. With x = εa
/// the chain keeps 1 − x/2 of w − w* at an update, so its variance is v = 1/(a(1 − x/4)), and
/// <code>
///                        linear P and e       quadratic P and e
/// product                a·v  = 1/(1 − x/4)   a²·v²       = 1/(1 − x/4)²
/// response               1                    −a²·dv/da   = (1 − x/2)/(1 − x/4)²
/// product over response  1/(1 − x/4)          1/(1 − x/2)
/// </code>
/// The shadow of a linear P stands at −s·b/a at any step; a quadratic P = ½Bw² turns a into a + sB, so that the response is a derivative of
/// v.
/// </summary>
public static class DiscretizationFactor
{
    /// <summary>The factor; NaN where chains of this step are not stable, from x = 4 on.</summary>
    /// <param name="estimator">How the covariance is measured.</param>
    /// <param name="sampling">The sampler and ε.</param>
    /// <param name="stiffness">a, finite.</param>
    /// <param name="quadratic">Whether P and e are quadratic rather than linear.</param>
    public static double Of(CovarianceEstimator estimator, SamplingOptions sampling, double stiffness, bool quadratic)
    {
        double x = Step(sampling) * stiffness;
        double variance = 1 / (1 - (x / 4));
        return (x < 4, estimator, quadratic) switch
        {
            (false, _, _) => double.NaN,
            (_, CovarianceEstimator.Product, false) => variance,
            (_, CovarianceEstimator.Product, true) => variance * variance,
            (_, _, false) => 1,
            (_, _, true) => (1 - (x / 2)) * variance * variance,
        };
    }

    /// <summary>
    /// x/a: ε; under RMSProp ε/b, which is right where gradients are small beside b; 0 for a thermostat and a Metropolis test, which have
    /// no effect of the step.
    /// </summary>
    public static double Step(SamplingOptions sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return sampling.Sampler.HasStepEffect ? sampling.StepSize * sampling.LargestPreconditioner : 0;
    }
}

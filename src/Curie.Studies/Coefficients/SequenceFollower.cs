using System.Globalization;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Studies.Progress;

namespace Curie.Studies.Coefficients;

/// <summary>
/// Turns updates of one component after another into sequences; called on the sampling thread, so that nothing is shown late.
/// </summary>
internal sealed class SequenceFollower(WorkCounter counter, string place, double perComponent) : IProgress<SamplingProgress>
{
    private string _component = "";
    private double _done;

    /// <summary>Follows a measurement: by its plan, or by one component after another where it has none.</summary>
    /// <param name="counter">Counts evaluations.</param>
    /// <param name="plan">The plan; null where components are sampled one by one.</param>
    /// <param name="place">What precedes the component's name; empty for nothing.</param>
    /// <param name="evaluations">The evaluations of the whole measurement.</param>
    /// <param name="components">The number of components.</param>
    public static IProgress<SamplingProgress> Of(WorkCounter counter, SamplingPlan? plan, string place, long evaluations, int components) =>
        plan is null
            ? new SequenceFollower(counter, place, (double)evaluations / components)
            : new SamplingFollower(counter, plan, evaluations, place);

    public void Report(SamplingProgress value)
    {
        double done = perComponent * value.Updates / value.TotalUpdates;
        _done = value.Component == _component ? _done : 0;
        _component = value.Component;
        counter.Advance(
            done - _done,
            string.Create(CultureInfo.InvariantCulture, $"{place}{value.Component}, draw {value.CompletedDraws + 1}, loss {value.Loss:F4}")
        );
        _done = done;
    }
}

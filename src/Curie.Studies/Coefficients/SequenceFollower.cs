using System.Globalization;
using Curie.Sampling.Chains;
using Curie.Studies.Progress;

namespace Curie.Studies.Coefficients;

/// <summary>
/// Turns updates of one component after another into sequences; called on the sampling thread, so that nothing is shown late.
/// </summary>
internal sealed class SequenceFollower(WorkCounter counter, string place, double perComponent) : IProgress<SamplingProgress>
{
    private string _component = "";
    private double _done;

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

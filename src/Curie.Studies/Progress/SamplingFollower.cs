using System.Globalization;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Studies.Progress;

/// <summary>
/// Turns the progress of components into a share of the whole work, each group weighed by the time that it is expected to take;
/// what an earlier run did counts as done before. Called on the sampling thread, so that nothing is shown late.
/// </summary>
public sealed class SamplingFollower : IProgress<SamplingProgress>
{
    private readonly WorkCounter _counter;
    private readonly IReadOnlyList<PlannedGroup> _groups;
    private readonly Dictionary<(int Group, string Component), double> _fractions = [];
    private readonly double[] _shares;
    private readonly double _total;
    private readonly string _place;
    private double? _done;

    /// <summary>Follows a run.</summary>
    /// <param name="counter">Counts tokens.</param>
    /// <param name="plan">The groups in the order in which they are sampled.</param>
    /// <param name="total">The token evaluations of the whole run.</param>
    /// <param name="place">What precedes the component's name, such as the checkpoint's; empty for nothing.</param>
    /// <param name="seconds">How long each group is expected to take; null to go by its operations.</param>
    public SamplingFollower(WorkCounter counter, SamplingPlan plan, long total, string place = "", IReadOnlyList<double>? seconds = null)
    {
        _place = place;
        _counter = counter;
        _total = total;
        _groups = plan.Groups;
        double[] weights = [.. seconds ?? plan.Groups.Select(group => group.Operations)];
        _shares = [.. weights.Select(weight => weight / weights.Sum())];
    }

    /// <inheritdoc/>
    public void Report(SamplingProgress value)
    {
        int group = GroupOf(value);
        _fractions[(group, value.Component)] = (double)value.Updates / value.TotalUpdates;
        double inGroup = _fractions.Where(pair => pair.Key.Group == group).Sum(pair => pair.Value) / _groups[group].Components.Count;
        double done = _total * (_shares.Take(group).Sum() + (_shares[group] * inGroup));
        if (_done is null)
        {
            // What this process did up to its first report is a few updates: next to nothing of any run that is worth showing.
            _done = done;
            _counter.SetTotal(_total, alreadyDone: done);
        }

        _counter.Advance(
            done - _done.Value,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_place}{value.Component} (group {group + 1} of {_groups.Count}), draw {value.CompletedDraws + 1}, loss {value.Loss:F4}"
            )
        );
        _done = done;
    }

    private int GroupOf(SamplingProgress value)
    {
        int group = 0;
        while (
            !_groups[group].Chains.Contains(value.Chain) || _groups[group].Components.All(component => component.Name != value.Component)
        )
        {
            group++;
        }

        return group;
    }
}

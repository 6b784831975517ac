using System.Globalization;
using Curie.Sampling.Chains;

namespace Curie.Cli.Output;

/// <summary>
/// Turns the progress of components sampled one after another into a share of the whole work; what an earlier run did counts as done
/// before. Called on the sampling thread, so that nothing is shown late.
/// </summary>
internal sealed class SamplingFollower : IProgress<SamplingProgress>
{
    private readonly WorkProgress _progress;
    private readonly Dictionary<string, int> _places;
    private readonly double _total;
    private double? _done;

    /// <summary>Follows a run.</summary>
    /// <param name="progress">Where it is shown.</param>
    /// <param name="components">The components in the order in which they are sampled; each counts the same.</param>
    /// <param name="total">The token evaluations of the whole run.</param>
    public SamplingFollower(WorkProgress progress, IEnumerable<string> components, long total)
    {
        _progress = progress;
        _places = components.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place);
        _total = total;
    }

    /// <inheritdoc/>
    public void Report(SamplingProgress value)
    {
        double share = _total / _places.Count;
        double done = share * (_places[value.Component] + ((double)value.Updates / value.TotalUpdates));
        if (_done is null)
        {
            // What this process did up to its first report is a few updates: next to nothing of any run that is worth showing.
            _done = done;
            _progress.SetTotal(_total, alreadyDone: done);
        }

        _progress.Advance(
            done - _done.Value,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Component} ({_places[value.Component] + 1} of {_places.Count}), draw {value.CompletedDraws + 1}, loss {value.Loss:F4}"));
        _done = done;
    }
}

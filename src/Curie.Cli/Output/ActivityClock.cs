namespace Curie.Cli.Output;

/// <summary>
/// How long the present activity of some work has gone on: it began when the one before it last reported, so that neither's rate has the
/// other's time in it.
/// </summary>
internal sealed class ActivityClock
{
    private string? _activity;
    private TimeSpan _began;
    private TimeSpan _reported;

    /// <summary>Notes a report.</summary>
    /// <param name="activity">What is being done.</param>
    /// <param name="now">The time since the work began.</param>
    /// <returns>The time since the activity began.</returns>
    public TimeSpan Elapsed(string activity, TimeSpan now)
    {
        if (_activity is not null && _activity != activity)
        {
            _began = _reported;
        }

        (_activity, _reported) = (activity, now);
        return now - _began;
    }
}

using Curie.Numerics;

namespace Curie.Cluster.Local;

/// <summary>How shards run as processes of this machine.</summary>
public sealed record LocalOptions
{
    /// <summary>How many shards run at a time. Default 1.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>How long shards have to save their states when the run is stopped, before they are killed. Default 2 minutes.</summary>
    public TimeSpan Notice { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="InputException">A number is out of range.</exception>
    public void Validate()
    {
        if (Jobs < 1)
        {
            throw new InputException("at least 1 process must run at a time; raise the `jobs`.");
        }

        if (Notice < TimeSpan.Zero || Notice > TimeSpan.FromDays(1))
        {
            throw new InputException("the time to save a state must be at most a day; change it.");
        }
    }
}

namespace Curie.Cluster.Status;

/// <summary>
/// What an attempt at a shard has written about itself. Its times are by the clock of its host, so that only their difference is used.
/// </summary>
public sealed record ShardReport
{
    /// <summary>The shard.</summary>
    public required int Index { get; init; }

    /// <summary>Which attempt at it, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where it runs.</summary>
    public required string Host { get; init; }

    /// <summary>What it is doing.</summary>
    public required ShardReportState State { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it wrote this.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>How much of the shard is done, from 0 to 1, by this and earlier attempts.</summary>
    public double Fraction { get; init; }

    /// <summary>How long the rest will take, in seconds; null if it does not know.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>What it has to say, as why it failed; null for nothing.</summary>
    public string? Message { get; init; }

    /// <summary>Whether a process has the shard's folder, by the system's lock; null where that cannot be told.</summary>
    public bool? IsHeld { get; init; }

    /// <summary>How long ago this was written, by one clock, that of whoever reads or of the files' server; null if that is not
    /// known.</summary>
    public TimeSpan? Age { get; init; }
}

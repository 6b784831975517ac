namespace Curie.Studies.Sharding;

/// <summary>What an attempt at a shard says of itself, in a file of its own; times are those of its host's clock.</summary>
public sealed record ShardAttempt
{
    /// <summary>The shard.</summary>
    public required int Index { get; init; }

    /// <summary>Which attempt it is, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where it runs.</summary>
    public required string Host { get; init; }

    /// <summary>Its process there.</summary>
    public required int Process { get; init; }

    /// <summary>The job of its scheduler; null for none.</summary>
    public string? Job { get; init; }

    /// <summary>What it is doing.</summary>
    public ShardAttemptState State { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it wrote this.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>How much of the shard is done, from 0 to 1, by this attempt and those before it.</summary>
    public double Fraction { get; init; }

    /// <summary>About how long the rest takes, in seconds; null while that is not known.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Whether it has saved a state or a result, from which the next one continues.</summary>
    public bool HasSaved { get; init; }

    /// <summary>Why it failed or stopped; null for nothing.</summary>
    public string? Message { get; init; }
}

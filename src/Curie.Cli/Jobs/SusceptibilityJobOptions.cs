using Curie.Cli.Invocation;

namespace Curie.Cli.Jobs;

/// <summary>How a susceptibility experiment is run, beside what its configuration says.</summary>
internal sealed record SusceptibilityJobOptions
{
    /// <summary>Threads; null for the configuration's.</summary>
    public int? Threads { get; init; }

    /// <summary>The memory to plan for, in bytes.</summary>
    public long Memory { get; init; } = SharedOptions.DefaultMemory;

    /// <summary>How often a component in progress is saved.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(20);
}

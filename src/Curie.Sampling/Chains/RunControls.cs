namespace Curie.Sampling.Chains;

/// <summary>What a caller may hang on to a run; everything is optional.</summary>
public sealed record RunControls
{
    /// <summary>Told about progress at every draw, and every 64 updates between draws.</summary>
    public IProgress<SamplingProgress>? Progress { get; init; }

    /// <summary>
    /// Called when draws of all chains are complete and observed: the place to save the run, and what the observer holds.
    /// </summary>
    public Action<GroupRun>? DrawCompleted { get; init; }

    /// <summary>A state to continue from, saved at a completed draw. The observer must stand at the same draw.</summary>
    public ComponentRunState? ResumeFrom { get; init; }

    /// <summary>Stops the run between two updates or two evaluations.</summary>
    public CancellationToken Cancellation { get; init; }
}

namespace Curie.Cluster.Status;

/// <summary>A task of a job as its scheduler sees it.</summary>
/// <param name="Job">The job that the task is of, as it was submitted.</param>
/// <param name="Shard">The index of its shard; null for a job that is no array, as the merge.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Words">The same in the scheduler's own words, with its reason, as <c>PENDING (Resources)</c>.</param>
/// <param name="Node">The node that it is on or was on last; null if it has none.</param>
/// <param name="Elapsed">How long it has been running, by the scheduler's own clock; null if that is not known.</param>
public sealed record QueuedTask(string Job, int? Shard, TaskState State, string Words, string? Node = null, TimeSpan? Elapsed = null);

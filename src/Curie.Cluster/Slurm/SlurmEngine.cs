using Curie.Cluster.Status;
using Curie.Numerics;

namespace Curie.Cluster.Slurm;

/// <summary>Gives a study in shards to Slurm.</summary>
public static class SlurmEngine
{
    /// <summary>The engine's name.</summary>
    public const string Name = "slurm";

    /// <summary>
    /// Writes the scripts into the run, submits the array and the merge that waits for it, and writes what was submitted.
    /// </summary>
    /// <param name="job">The study.</param>
    /// <param name="options">How Slurm is asked.</param>
    /// <param name="client">Slurm.</param>
    /// <param name="shards">The shards to submit, as those that have failed before; null for all.</param>
    /// <exception cref="InputException">Something is not valid, cannot be written, or is not taken by Slurm; nothing is left in the queue
    /// then.</exception>
    public static SubmissionRecord Submit(ClusterJob job, SlurmOptions options, SlurmClient client, IReadOnlyList<int>? shards = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(client);
        SlurmScripts scripts = new(job, options);
        if (shards is { Count: 0 } || shards?.Any(shard => shard < 0 || shard >= job.Shards) == true)
        {
            throw new ArgumentException("there must be shards, with the indices of the job", nameof(shards));
        }

        scripts.Write();
        SubmissionRecord? earlier = SubmissionRecord.Read(job.Folder) is { Engine: Name } record ? record : null;
        List<string> submitted = [];
        try
        {
            string[] only = shards is null ? [] : [$"--array={scripts.ArrayOf(shards)}"];
            submitted.Add(client.Submit(Path.Combine(job.Folder, SlurmScripts.ArrayFile), only));

            // The merge waits for the end of the tasks, not for a good one, and sees by their files whether all shards are done: to Slurm
            // a task has failed that ends well just after its time limit, or while it is given grace.
            // Those that have ended need no waiting for.
            IEnumerable<string> going = (earlier?.ShardJobs ?? []).Where(id => IsGoing(client, id));
            string dependency = $"--dependency=afterany:{string.Join(':', [.. going, submitted[0]])}";
            submitted.Add(client.Submit(Path.Combine(job.Folder, SlurmScripts.MergeFile), dependency));
            SubmissionRecord submission = new()
            {
                Engine = Name,
                Job = job,
                ShardJobs = [.. earlier?.ShardJobs ?? [], submitted[0]],
                MergeJob = submitted[1],
                Slurm = options,
                Host = Environment.MachineName,
                Submitted = DateTimeOffset.Now,
            };
            submission.Write();
            CancelWaiting(client, earlier?.MergeJob);
            return submission;
        }
        catch (InputException) when (submitted.Count > 0)
        {
            client.Cancel(submitted);
            throw;
        }
    }

    private static void CancelWaiting(SlurmClient client, string? job)
    {
        if (job is not null && IsGoing(client, job))
        {
            client.Cancel(job);
        }
    }

    private static bool IsGoing(SlurmClient client, string job) =>
        client.Queue(job).Any(task => task.State is TaskState.Waiting or TaskState.Running);
}

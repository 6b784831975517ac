using System.Text.Json;
using Curie.Cluster.Kubernetes;
using Curie.Cluster.Slurm;
using Curie.Numerics;
using Curie.Response.Runs;

namespace Curie.Cluster;

/// <summary>What was submitted: the file <c>submission.json</c> of a run.</summary>
public sealed record SubmissionRecord
{
    /// <summary>The name of the file.</summary>
    public const string File = "submission.json";

    /// <summary>The engine: <c>slurm</c>, <c>kubernetes</c> or <c>local</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The study in shards.</summary>
    public required ClusterJob Job { get; init; }

    /// <summary>The jobs that were submitted for the shards, the latest last. With Slurm, arrays' ids.</summary>
    public IReadOnlyList<string> ShardJobs { get; init; } = [];

    /// <summary>The job of the merge, null if there is none yet.</summary>
    public string? MergeJob { get; init; }

    /// <summary>How Slurm was asked, null with another engine.</summary>
    public SlurmOptions? Slurm { get; init; }

    /// <summary>How Kubernetes is asked, null with another engine.</summary>
    public KubernetesOptions? Kubernetes { get; init; }

    /// <summary>Where it was submitted.</summary>
    public required string Host { get; init; }

    /// <summary>When it was last submitted, by the clock of that host.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Reads the record of a run; null if nothing was submitted there.</summary>
    /// <exception cref="InputException">The file is damaged, or cannot be read.</exception>
    public static SubmissionRecord? Read(string folder)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
        {
            return null;
        }

        try
        {
            return RecordJson.ReadFile<SubmissionRecord>(path);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is no record of a submission: {error.Message} Delete it, and submit again.", error);
        }
    }

    /// <summary>Writes the record into the run, whole or not at all.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write() => RecordJson.WriteFile(Path.Combine(Job.Folder, File), this);
}

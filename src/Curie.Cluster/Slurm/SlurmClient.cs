using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Cluster.Processes;
using Curie.Cluster.Status;
using Curie.Numerics;

namespace Curie.Cluster.Slurm;

/// <summary>Slurm, asked through its own programs <c>sbatch</c>, <c>squeue</c> and <c>sacct</c>, which must be on the path.</summary>
public sealed partial class SlurmClient
{
    internal const string Missing = "submit and ask from a machine of the cluster that has Slurm's programs on its path";
    private readonly ClientPrograms _programs;

    /// <summary>Asks nothing yet.</summary>
    /// <param name="timeout">How long one of its programs may take. Default a minute.</param>
    public SlurmClient(TimeSpan? timeout = null)
        : this(new ClientPrograms { Missing = Missing, Timeout = timeout ?? TimeSpan.FromMinutes(1) }) { }

    internal SlurmClient(ClientPrograms programs) => _programs = programs;

    /// <summary>Submits a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="options">Options that come before those in the script.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="InputException">Slurm does not take it, or cannot be asked.</exception>
    public string Submit(string script, params IReadOnlyList<string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ProcessResult result = _programs.Run("sbatch", ["--parsable", .. options, script]);
        Match id = SubmittedId().Match(result.Output.Trim());
        return result.ExitCode == 0 && id.Success
            ? id.Groups["id"].Value
            : throw new InputException($"sbatch did not take {script}: {Said(result)}.");
    }

    /// <summary>Takes jobs out of the queue, and off their nodes.</summary>
    /// <exception cref="InputException">Slurm cannot be asked.</exception>
    public void Cancel(params IReadOnlyList<string> jobs)
    {
        ProcessResult result = _programs.Run("scancel", jobs);
        if (result.ExitCode != 0)
        {
            throw new InputException($"scancel did not take {string.Join(", ", jobs)} out of the queue: {Said(result)}.");
        }
    }

    /// <summary>
    /// What is known of some jobs: the queue's tasks, and where there is accounting, those that the queue has forgotten. Neither has to
    /// answer; what is not known is said in the notes.
    /// </summary>
    public QueueState Ask(params IReadOnlyList<string> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        List<string> notes = [];
        bool isKnown = true;
        Dictionary<(string, int?), QueuedTask> tasks = [];
        foreach (string job in jobs)
        {
            // Each job on its own, since squeue says nothing of several when it has forgotten one.
            if (!isKnown)
            {
                break;
            }

            try
            {
                foreach (QueuedTask task in Queue(job))
                {
                    tasks[(task.Job, task.Shard)] = task;
                }
            }
            catch (InputException error)
            {
                isKnown = false;
                notes.Add(error.Message);
            }
        }

        try
        {
            foreach (QueuedTask task in Accounts(jobs) ?? [])
            {
                tasks.TryAdd((task.Job, task.Shard), task);
            }
        }
        catch (InputException error)
        {
            notes.Add(error.Message);
        }

        return new QueueState([.. tasks.Values], isKnown, notes);
    }

    /// <summary>The tasks of a job that the controller knows, also for some minutes after their end; none of a forgotten job.</summary>
    /// <exception cref="InputException">The controller gives no answer.</exception>
    public IReadOnlyList<QueuedTask> Queue(string job)
    {
        ProcessResult result = _programs.Run(
            "squeue",
            ["--noheader", "--array", "--states=all", $"--jobs={job}", "--format=%F|%K|%T|%r|%N|%M"]
        );
        if (result.ExitCode != 0)
        {
            return result.Error.Contains("Invalid job id", StringComparison.Ordinal)
                ? []
                : throw new InputException($"squeue does not say what is in the queue: {Said(result)}.");
        }

        return [.. SlurmRows.Queue(result.Output)];
    }

    /// <summary>The tasks of some jobs by the accounts; null where the cluster keeps none.</summary>
    /// <exception cref="InputException">The accounts give no answer.</exception>
    public IReadOnlyList<QueuedTask>? Accounts(params IReadOnlyList<string> jobs)
    {
        ProcessResult result = _programs.Run(
            "sacct",
            ["--noheader", "--parsable2", "--allocations", $"--jobs={string.Join(',', jobs)}", "--format=JobID,State,NodeList,ElapsedRaw"]
        );
        if (result.ExitCode == 0)
        {
            return [.. SlurmRows.Accounts(result.Output)];
        }

        return result.Error.Contains("accounting storage is disabled", StringComparison.OrdinalIgnoreCase)
            ? null
            : throw new InputException($"sacct does not say what has become of the tasks: {Said(result)}.");
    }

    private static string Said(ProcessResult result) =>
        (result.Error.Length > 0 ? result.Error : string.Create(CultureInfo.InvariantCulture, $"it ended with {result.ExitCode}")).TrimEnd(
            '.'
        );

    [GeneratedRegex(@"^(?<id>\d+)(;.*)?$")]
    private static partial Regex SubmittedId();
}

using Curie.Cluster.Slurm;
using Curie.Cluster.Status;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>A study of known results on a real Slurm.</summary>
internal sealed class SlurmStudy
{
    private readonly SlurmCluster _cluster;

    /// <summary>Submits it.</summary>
    public SlurmStudy(SlurmCluster cluster, StandInProgram program, SlurmOptions? options = null)
    {
        (_cluster, Program) = (cluster, program);
        SlurmEngine.Submit(program.Job, options ?? new SlurmOptions(), cluster.Client);
    }

    /// <summary>The run.</summary>
    public StandInProgram Program { get; }

    /// <summary>What was submitted.</summary>
    public SubmissionRecord Submission => SubmissionRecord.Read(Program.Job.Folder)!;

    /// <summary>How it stands.</summary>
    public StudyStatus Status =>
        StudyStatus.Of(
            Submission,
            Program.Reports,
            _cluster.Client.Ask([.. Submission.ShardJobs, Submission.MergeJob!]),
            Program.Merged is not null
        );

    /// <summary>Waits until it stands in some way.</summary>
    public void Until(Func<StudyStatus, bool> holds, double seconds = 60) =>
        Wait.Until(
            () => holds(Status),
            seconds,
            () =>
                $"{string.Join('\n', Status.Shards)}\n{Status.Merge}\n"
                + string.Concat(Enumerable.Range(0, Program.Job.Shards).Select(Program.LogOf))
        );

    /// <summary>Waits for the merge, whose result must be that of a study to which nothing has happened.</summary>
    public void UntilMerged(double seconds = 120)
    {
        Until(
            status =>
            {
                _cluster.Hurry(Submission.ShardJobs[^1]);
                return status.Merge.Condition == WorkCondition.Done;
            },
            seconds
        );
        Assert.Equal(Program.Expected, Program.Merged);
    }
}

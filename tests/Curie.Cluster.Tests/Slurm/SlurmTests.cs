using Curie.Cluster.Slurm;
using Curie.Cluster.Status;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>Studies on a real Slurm, with a program of known results in place of Curie.</summary>
public sealed class SlurmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public void A_study_runs_as_an_array_is_merged_and_its_status_is_right_at_every_stage()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        StandInProgram program = new(Folder("a 'run' of \"Curie\" at 100 % # $x"), shards: 3, steps: 8, pause: 0.5);
        SlurmStudy study = new(cluster, program);

        study.Until(status => status.Count(WorkCondition.Running) == 2 && status.Shards.Any(shard => shard.Fraction > 0.2));
        StudyStatus running = study.Status;
        Assert.Equal(
            [WorkCondition.Running, WorkCondition.Running, WorkCondition.Waiting],
            running.Shards.Select(shard => shard.Condition)
        );
        Assert.Equal(["n1", "n2"], running.Shards.Take(2).Select(shard => shard.Node).Order());
        Assert.StartsWith("PENDING", running.Shards[2].Words, StringComparison.Ordinal);
        Assert.Equal(new MergeStatus(WorkCondition.Waiting, "PENDING (Dependency)"), running.Merge);
        Assert.Empty(running.Notes);
        Assert.True(running.Left > TimeSpan.Zero);

        study.Until(status => status.Count(WorkCondition.Done) == 2 && status.Count(WorkCondition.Running) == 1);
        study.Until(status => status.Merge.Condition == WorkCondition.Done);
        StudyStatus merged = study.Status;
        Assert.Equal(3, merged.Count(WorkCondition.Done));
        Assert.Equal(TimeSpan.Zero, merged.Left);
        Assert.Equal(program.Expected, program.Merged);
        Assert.Contains("continues at 0 with 256", program.LogOf(2), StringComparison.Ordinal);
    }

    [SlurmFact]
    public void No_more_shards_run_at_a_time_than_are_allowed()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        StandInProgram program = new(Folder("run"), shards: 3, steps: 8, pause: 0.25);
        SlurmStudy study = new(cluster, program, new SlurmOptions { ArrayLimit = 1 });
        study.Until(status =>
        {
            Assert.InRange(status.Count(WorkCondition.Running), 0, 1);
            return status.Merge.Condition == WorkCondition.Done;
        });
        Assert.Equal(program.Expected, program.Merged);
    }

    [SlurmFact]
    public void After_a_shard_has_failed_the_merge_names_it_and_it_alone_is_submitted_again()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        StandInProgram program = new(Folder("run"), shards: 3, steps: 4, pause: 0.25);
        program.Fail(1, yes: true);
        SlurmStudy study = new(cluster, program);
        study.Until(status => status.Merge.Condition is WorkCondition.Failed);
        StudyStatus failed = study.Status;
        Assert.Equal([WorkCondition.Done, WorkCondition.Failed, WorkCondition.Done], failed.Shards.Select(shard => shard.Condition));
        Assert.Equal("told to fail", failed.Shards[1].Words);
        Assert.Null(program.Merged);
        Assert.Contains("shard 1 is missing", File.ReadAllText(Path.Combine(program.Job.Logs, "merge.log")), StringComparison.Ordinal);

        program.Fail(1, yes: false);
        SubmissionRecord again = SlurmEngine.Submit(program.Job, new SlurmOptions(), cluster.Client, [1]);
        Assert.Equal(2, again.ShardJobs.Count);
        study.UntilMerged();
        Assert.Equal(4, program.Reports.Count);
    }

    [SlurmFact]
    public void A_cancelled_study_is_seen_as_such()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        StandInProgram program = new(Folder("run"), shards: 2, steps: 100, pause: 0.25);
        SlurmStudy study = new(cluster, program);
        study.Until(status => status.Shards[0].Fraction > 0.02);
        cluster.Client.Cancel(study.Submission.ShardJobs[0]);
        study.Until(status => status.Count(WorkCondition.Failed) == 2);
        Assert.All(study.Status.Shards, shard => Assert.StartsWith("CANCELLED", shard.Words, StringComparison.Ordinal));
    }

    [SlurmFact]
    public void What_Slurm_does_not_take_is_said_in_its_words()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        StandInProgram program = new(Folder("run"), shards: 2, steps: 1, pause: 0);
        string message = Assert
            .Throws<InputException>(() => new SlurmStudy(cluster, program, new SlurmOptions { Partition = "nowhere" }))
            .Message;
        Assert.Contains("invalid partition specified: nowhere", message, StringComparison.Ordinal);
    }

    private string Folder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;
}

using Curie.Cluster.Slurm;
using Curie.Cluster.Status;
using Curie.Tests;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>What stops a shard on a real Slurm: every study ends as one to which nothing has happened.</summary>
public sealed class SlurmSignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public void A_shard_that_is_told_to_stop_is_put_back_and_continues()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        StandInProgram program = new(Folder("run"), shards: 2, steps: 40, pause: 0.25);
        SlurmStudy study = new(cluster, program);
        study.Until(status => status.Shards.All(shard => shard.Fraction > 0.05));
        cluster.Run("scancel", "--batch", "--signal=TERM", $"{study.Submission.ShardJobs[0]}_1");
        study.Until(status => status.Shards[1].Words.Contains("continues at", StringComparison.Ordinal));
        Assert.Equal(WorkCondition.Waiting, study.Status.Shards[1].Condition);
        study.UntilMerged();
        Assert.Equal(2, study.Status.Shards[1].Attempts);
    }

    [SlurmFact]
    public void Before_the_time_limit_a_shard_saves_its_state_and_it_is_put_back()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        StandInProgram program = new(Folder("run"), shards: 1, steps: 80, pause: 0.5);
        SlurmStudy study = new(cluster, program, new SlurmOptions { Time = TimeSpan.FromMinutes(1), Notice = TimeSpan.FromSeconds(45) });
        study.UntilMerged(seconds: 180);
        Assert.True(program.Reports.Count > 1, program.LogOf(0));
        Assert.Contains(program.Reports, report => report.State == ShardReportState.Stopped);
        Assert.DoesNotContain("TIME LIMIT", program.LogOf(0), StringComparison.Ordinal);
    }

    [SlurmFact]
    public void A_shard_gives_way_to_urgent_work_and_continues()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        StandInProgram program = new(Folder("run"), shards: 1, steps: 60, pause: 0.25);
        SlurmStudy study = new(cluster, program);
        study.Until(status => status.Shards[0].Fraction > 0.05);
        cluster.Run("sbatch", "--partition=urgent", "--output=/dev/null", "--wrap=sleep 1");
        study.Until(status => status.Shards[0].Condition == WorkCondition.Waiting, seconds: 60);
        Assert.Equal(ShardReportState.Stopped, program.Reports.Single().State);
        study.UntilMerged();
    }

    /// <summary>
    /// Without the setting of the next test, tasks that are not started by srun hear nothing when their time of grace begins, and one that
    /// is done in it is one that failed for Slurm.
    /// </summary>
    [SlurmFact]
    public void A_shard_that_is_done_in_its_time_of_grace_is_merged()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        StandInProgram program = new(Folder("run"), shards: 1, steps: 60, pause: 0.25);
        SlurmStudy study = new(cluster, program, new SlurmOptions { Partition = "grace" });
        study.Until(status => status.Shards[0].Fraction > 0.05);
        cluster.Run("sbatch", "--partition=urgent", "--output=/dev/null", "--wrap=sleep 1");
        study.UntilMerged();
        Assert.NotEqual(TaskState.Completed, cluster.Client.Queue(study.Submission.ShardJobs[0]).Single().State);
    }

    /// <summary>With this setting Slurm sends the signal of the scripts when the time of grace begins, not when it ends.</summary>
    [SlurmFact]
    public void Where_Slurm_tells_of_preemption_a_shard_stops_at_once()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1, "SlurmctldParameters=preempt_send_user_signal");
        StandInProgram program = new(Folder("run"), shards: 1, steps: 40, pause: 0.25);
        SlurmStudy study = new(cluster, program, new SlurmOptions { Partition = "grace" });
        study.Until(status => status.Shards[0].Fraction > 0.05);
        cluster.Run("sbatch", "--partition=urgent", "--output=/dev/null", "--wrap=sleep 1");
        study.Until(status => status.Shards[0].Condition == WorkCondition.Waiting, seconds: 60);
        Assert.DoesNotContain("PREEMPTION", program.LogOf(0), StringComparison.Ordinal);
        study.UntilMerged();
    }

    private string Folder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;
}

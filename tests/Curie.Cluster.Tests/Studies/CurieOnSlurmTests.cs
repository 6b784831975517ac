using System.Text.Json.Nodes;
using Curie.Cluster.Tests.Slurm;
using Curie.Studies.Sharding;

namespace Curie.Cluster.Tests.Studies;

/// <summary>Curie's own studies on a real Slurm: whatever happens to them, they end with the bytes of one process.</summary>
[Collection(CurieCollection.Name)]
public sealed class CurieOnSlurmTests(CurieExperiment experiment)
{
    [SlurmFact]
    public void Eight_shards_on_four_nodes_have_the_bytes_of_one_process_and_status_is_right_at_every_stage()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 4);
        CurieStudy study = experiment.Study(cluster);
        cluster.Run("scontrol", "update", "NodeName=n[1-4]", "State=DRAIN", "Reason=before");
        study.Submit();
        Assert.Equal(Enumerable.Repeat("waiting", CurieStudy.Shards), study.Conditions);
        Assert.Contains("8 shards of 8 are not done (0-7)", study.Run(1, study.Merge), StringComparison.Ordinal);

        cluster.Run("scontrol", "update", "NodeName=n[1-4]", "State=RESUME");
        study.UntilSaved(0);
        int process = study.ProcessOf(0);
        Wait.Send("STOP", process);
        JsonNode during = study.Status;
        string[] conditions = [.. during["shards"]!.AsArray().Select(shard => (string)shard!["condition"]!)];
        Assert.InRange(conditions.Count(condition => condition == "running"), 1, 4);
        Assert.DoesNotContain(conditions, condition => condition is "failed" or "lost");
        Assert.Equal("waiting", (string)during["merge"]!["condition"]!);
        Assert.Empty(during["notes"]!.AsArray());
        Assert.Contains("not done (0", study.Run(1, study.Merge), StringComparison.Ordinal);
        Wait.Send("CONT", process);

        study.UntilMerged();
        Assert.Equal(Enumerable.Repeat("done", CurieStudy.Shards), study.Conditions);
        Assert.Equal("done", (string)study.Status["merge"]!["condition"]!);
        Assert.All(Enumerable.Range(0, CurieStudy.Shards), shard => Assert.Single(study.Attempts(shard)));
    }

    [SlurmFact]
    public void A_process_that_is_killed_continues_and_a_task_that_is_killed_is_submitted_again()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        CurieStudy study = experiment.Study(cluster);
        study.Submit();
        study.UntilSaved(0);
        Wait.Send("KILL", study.ProcessOf(0));
        study.UntilSaved(1);
        foreach (int process in cluster.TaskProcesses(study.NodeOf(1)))
        {
            Wait.Send("KILL", process);
        }

        study.UntilRefused();
        Assert.Contains("ended by signal 9", study.LogOf(0), StringComparison.Ordinal);
        string[] conditions = study.Conditions;
        Assert.NotEqual("done", conditions[1]);
        Assert.Equal(7, conditions.Count(condition => condition == "done"));
        study.Submit("--resume");
        study.UntilMerged();
        Assert.Equal(2, study.Attempts(0).Count);
        Assert.Equal(2, study.Attempts(1).Count);
        Assert.True(study.Attempts(1)[1].Fraction >= study.Attempts(1)[0].Fraction);
    }

    [SlurmFact]
    public void A_node_that_dies_gives_its_shard_away_and_one_that_is_cut_off_finishes_it()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 4);
        CurieStudy study = experiment.Study(cluster);
        study.Submit();
        study.UntilSaved(0);
        cluster.KillNode(study.NodeOf(0));

        // A node of which nothing is heard any more, and on which the shard goes on: halted until another has been given it.
        study.UntilSaved(1);
        int process = study.ProcessOf(1);
        Wait.Send("STOP", process);
        cluster.KillDaemon(study.NodeOf(1));
        Wait.Until(
            () =>
            {
                cluster.Hurry(study.Array);
                return study.LogOf(1).Contains("attempt 2", StringComparison.Ordinal);
            },
            seconds: 120,
            () => study.LogOf(1)
        );
        Thread.Sleep(TimeSpan.FromSeconds(4));
        Assert.False(study.Folder(1).IsDone);
        Assert.Single(study.Attempts(1));
        Wait.Send("CONT", process);

        study.UntilMerged();
        Assert.Equal(2, study.Attempts(0).Count);
        Assert.Single(study.Attempts(1));
        Assert.Contains("was done already", study.LogOf(1), StringComparison.Ordinal);
    }

    [SlurmFact(isLong: true)]
    public void A_shard_gives_way_to_urgent_work_and_continues()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        CurieStudy study = experiment.Study(cluster);
        study.Submit();
        study.UntilSaved(0);
        cluster.Run("sbatch", "--partition=urgent", "--output=/dev/null", "--wrap=sleep 1");
        Wait.Until(() => study.LogOf(0).Contains("told to stop", StringComparison.Ordinal), seconds: 60, () => study.LogOf(0));
        study.UntilMerged();
        Assert.Equal(2, study.Attempts(0).Count);
        Assert.Equal(ShardAttemptState.Stopped, study.Attempts(0)[0].State);
    }

    /// <summary>
    /// Slurm's shortest limit is a minute, and a shard hears of it two minutes before, so that each attempt is stopped when Slurm first
    /// looks: within half a minute.
    /// </summary>
    [SlurmFact(isLong: true)]
    public void A_shard_that_takes_longer_than_the_time_limit_is_put_back_before_it_and_continues()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        CurieStudy study = experiment.LongShard(cluster);
        cluster.Run("scontrol", "update", "NodeName=n1", "State=DRAIN", "Reason=before");
        study.Submit("--time", "5");
        cluster.Run("scontrol", "update", $"JobId={study.Array}", "TimeLimit=1");
        cluster.Run("scontrol", "update", "NodeName=n1", "State=RESUME");
        study.UntilMerged(seconds: 600);
        IReadOnlyList<ShardAttempt> attempts = study.Attempts(0);
        Assert.InRange(attempts.Count, 2, 30);
        Assert.All(attempts.SkipLast(1), attempt => Assert.Equal(ShardAttemptState.Stopped, attempt.State));
        Assert.All(attempts.Zip(attempts.Skip(1)), pair => Assert.True(pair.First.Fraction < pair.Second.Fraction));
        Assert.DoesNotContain("TIME LIMIT", study.LogOf(0), StringComparison.Ordinal);
    }

    [SlurmFact(isLong: true)]
    public void A_shard_that_does_not_hear_of_the_time_limit_is_ended_at_it_and_continues_when_it_is_submitted_again()
    {
        // Halted before Slurm tells of the limit, and continued by Slurm itself when it ends what has reached it.
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 1);
        CurieStudy study = experiment.Study(cluster);
        study.Submit("--time", "5");
        study.UntilSaved(0);
        Wait.Send("STOP", study.ProcessOf(0));
        cluster.Run("scontrol", "update", $"JobId={study.Array}_0", "TimeLimit=1");
        study.UntilRefused();
        string state = cluster.Run("squeue", "--noheader", $"--jobs={study.Array}_0", "--states=all", "--format=%T").Trim();
        Assert.Equal("TIMEOUT", state);
        Assert.Equal(7, study.Conditions.Count(condition => condition == "done"));
        Assert.NotEqual("done", study.Conditions[0]);
        study.Submit("--resume");
        study.UntilMerged();
        Assert.Equal(2, study.Attempts(0).Count);
    }

    /// <summary>
    /// Slurm itself refuses nodes whose clocks differ by more than five minutes: here only what its tasks ask for the time is told another.
    /// </summary>
    [SlurmFact(isLong: true, needsOtherClock: true)]
    public void Clocks_that_are_an_hour_apart_change_nothing()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        string profile = Path.Combine(experiment.Path, "clock.sh");
        CurieStudy study = experiment.Study(cluster, ("BASH_ENV", profile));
        cluster.Run("scontrol", "update", "NodeName=n[1-2]", "State=DRAIN", "Reason=before");
        study.Submit();
        File.WriteAllText(profile, OtherClock.Profile(study.Submission.Job.Program[0], "n2"));
        cluster.Run("scontrol", "update", "NodeName=n[1-2]", "State=RESUME");

        // Each of the two shards that begin is stopped, and goes on at the other's node: its state is an hour old there, or of the future.
        int[] nodes = [.. Enumerable.Range(0, 2).Select(CrossOver)];
        Assert.Equal([1, 2], nodes.Order());
        Assert.DoesNotContain(study.Conditions, condition => condition is "lost" or "failed");
        study.UntilMerged();
        TimeSpan hour = TimeSpan.FromHours(1);
        for (int shard = 0; shard < 2; shard++)
        {
            IReadOnlyList<ShardAttempt> attempts = study.Attempts(shard);
            Assert.Equal(2, attempts.Count);
            Assert.True(attempts[1].Fraction >= attempts[0].Fraction);
            TimeSpan between = attempts[1].Started - attempts[0].Started;
            Assert.InRange(between + (nodes[shard] == 1 ? hour : -hour), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        }

        Assert.All(study.Status["shards"]!.AsArray(), shard => Assert.InRange((double)shard!["seconds"]!, 0, 600));

        int CrossOver(int shard)
        {
            study.UntilSaved(shard);
            int node = study.NodeOf(shard);
            Wait.Send("TERM", study.ProcessOf(shard));
            Wait.Until(
                () => cluster.Run("squeue", "--noheader", $"--jobs={study.Array}_{shard}", "--format=%T").Trim() == "PENDING",
                seconds: 60,
                () => study.LogOf(shard)
            );
            cluster.Run("scontrol", "update", $"JobId={study.Array}_{shard}", $"ExcNodeList=n{node}");
            return node;
        }
    }

    [SlurmFact(isLong: true)]
    public void A_shard_whose_disk_is_full_fails_with_a_sentence_and_continues_once_there_is_space()
    {
        CurieStudy study = experiment.Study();
        study.Cut();
        using SmallDisk disk = new(Path.Combine(study.Path, "shards", "0002"), kilobytes: 16);
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        study = study.On(cluster);
        study.Submit("--resume");
        study.UntilRefused();
        Assert.Contains("curie: ", study.LogOf(2), StringComparison.Ordinal);
        Assert.Contains("space", study.LogOf(2), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", study.LogOf(2), StringComparison.Ordinal);
        Assert.Equal(7, study.Conditions.Count(condition => condition == "done"));
        Assert.Equal("failed", study.Conditions[2]);

        disk.Grow(kilobytes: 20_000);
        study.Submit("--resume");
        study.UntilMerged();
    }

    [SlurmFact(isLong: true)]
    public void A_controller_that_is_restarted_changes_nothing()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        CurieStudy study = experiment.Study(cluster);
        study.Submit();
        study.UntilSaved(0);
        cluster.StopController();
        Assert.NotEmpty(study.Status["notes"]!.AsArray());
        Assert.DoesNotContain("failed", study.Conditions);
        cluster.StartController();
        study.UntilSaved(3);
        Thread.Sleep(TimeSpan.FromSeconds(6));
        cluster.StopController(isKilled: true);
        cluster.StartController();
        study.UntilMerged();
    }

    [SlurmFact(isLong: true)]
    public void A_shard_that_runs_twice_at_once_is_done_once()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        CurieStudy study = experiment.Study(cluster);
        study.Submit();
        study.UntilSaved(0);
        string script = Path.Combine(study.Path, "submit.sbatch");
        cluster.Run("sbatch", "--array=0-3", script);
        study.UntilMerged();
        Assert.All(Enumerable.Range(0, CurieStudy.Shards), shard => Assert.Single(study.Attempts(shard)));
    }
}

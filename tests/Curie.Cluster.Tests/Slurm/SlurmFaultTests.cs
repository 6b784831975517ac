using Curie.Cluster.Status;
using Curie.Tests;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>What dies on clusters, each on a real Slurm: every study ends as one to which nothing has happened.</summary>
public sealed class SlurmFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public void A_node_that_dies_gives_its_shard_to_another()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 3);
        StandInProgram program = new(Folder("run"), shards: 2, steps: 60, pause: 0.25);
        SlurmStudy study = new(cluster, program);
        study.Until(status => status.Shards.All(shard => shard is { Fraction: > 0.05, Condition: WorkCondition.Running }));
        string node = study.Status.Shards[0].Node!;
        cluster.KillNode(node[^1] - '0');
        study.UntilMerged();
        Assert.Equal(2, study.Status.Shards[0].Attempts);
        Assert.DoesNotContain(program.Reports, report => report is { Index: 0, Attempt: 2 } && report.Host == node);
    }

    [SlurmFact]
    public void A_controller_that_goes_and_comes_back_changes_nothing_and_meanwhile_the_files_speak()
    {
        using SlurmCluster cluster = SlurmCluster.Start(nodes: 2);
        StandInProgram program = new(Folder("run"), shards: 3, steps: 60, pause: 0.25);
        SlurmStudy study = new(cluster, program);
        study.Until(status => status.Count(WorkCondition.Running) == 2 && status.Shards[0].Fraction > 0.05);
        cluster.StopController();
        StudyStatus without = study.Status;
        Assert.Contains(without.Notes, note => note.StartsWith("squeue", StringComparison.Ordinal));
        Assert.Equal(2, without.Count(WorkCondition.Running) + without.Count(WorkCondition.Done));
        cluster.StartController();
        study.Until(status => status.Notes.Count == 0 && status.Shards[2].Condition == WorkCondition.Running);

        // It saves what has changed every few seconds.
        Thread.Sleep(TimeSpan.FromSeconds(6));
        cluster.StopController(isKilled: true);
        cluster.StartController();
        study.UntilMerged();
        Assert.Equal(3, program.Reports.Count);
    }

    private string Folder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Curie.Cluster.Tests.Slurm;

namespace Curie.Cluster.Tests.Studies;

/// <summary>What a folder that several machines share does to a study: clocks that stamp its files, locks that it has not.</summary>
[Collection(CurieCollection.Name)]
public sealed class SharedFolderTests(CurieExperiment experiment)
{
    /// <summary>.NET takes no locks then, as where a file system has none.</summary>
    private const string WithoutLocks = "DOTNET_SYSTEM_IO_DISABLEFILELOCKING";

    [SlurmFact(isLong: true)]
    public void Files_that_were_stamped_by_clocks_an_hour_apart_change_nothing()
    {
        CurieStudy study = experiment.Study();
        study.Cut();
        using (Process process = study.Start(study.Shard(0)))
        {
            study.UntilSaved(0);
            Wait.Send("STOP", process.Id);
            foreach (int hours in (int[])[-1, 1])
            {
                Stamp(hours);
                JsonNode status = study.Status["shards"]![0]!;
                Assert.Equal("running", (string)status["condition"]!);
                Assert.InRange((double)status["seconds"]!, 0, 600);
                Assert.InRange((double)status["seconds_left"]!, 0, 600);
            }

            process.Kill();
            process.WaitForExit();
        }

        foreach (int hours in (int[])[-1, 1])
        {
            Stamp(hours);
            Assert.Equal("lost", study.Conditions[0]);
        }

        // Its states are of the future for the next attempt, and its files an hour old for the one after, and for the merge.
        using (Process process = study.Start(study.Shard(0)))
        {
            Wait.Until(() => study.Attempts(0).Count == 2 && study.HasSaved(0), seconds: 60);
            process.Kill();
            process.WaitForExit();
        }

        Assert.True(study.Attempts(0)[1].Fraction >= study.Attempts(0)[0].Fraction);
        Stamp(-1);
        study.Local(0, "--resume");
        study.AssertSameBytes();
        Assert.Equal(3, study.Attempts(0).Count);

        void Stamp(int hours) =>
            Array.ForEach(Directory.GetFiles(study.Path, "*", SearchOption.AllDirectories), file =>
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(hours))
            );
    }

    [SlurmFact(isLong: true)]
    public void Without_locks_the_folder_of_a_shard_that_was_killed_is_refused_until_it_is_taken_over()
    {
        CurieStudy study = experiment.Study(null, (WithoutLocks, "1"));
        study.Cut();
        using (Process process = study.Start(study.Shard(0)))
        {
            study.UntilSaved(0);
            Assert.Contains("--take-over", study.Run(1, study.Shard(0)), StringComparison.Ordinal);
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal("running", study.Conditions[0]);
        Assert.Contains($"process {study.Attempts(0)[0].Process} on", study.Run(1, study.Shard(0)), StringComparison.Ordinal);
        study.Run(0, [.. study.Shard(0), "--take-over"]);
        Assert.Equal(2, study.Attempts(0).Count);
        File.WriteAllText(Path.Combine(study.Path, ".curie-owner"), "process 1 on elsewhere");
        study.Local(0, "--resume", "--take-over");
        study.AssertSameBytes();
    }
}

using System.Diagnostics;
using Curie.Cluster.Tests.Slurm;

namespace Curie.Cluster.Tests.Studies;

/// <summary>Files of shards that are damaged, foreign or not there, and processes that meet at one shard.</summary>
[Collection(CurieCollection.Name)]
public sealed class DamagedShardTests(CurieExperiment experiment)
{
    [SlurmFact(isLong: true)]
    public void A_damaged_or_foreign_file_is_refused_by_name_and_made_again_once_it_is_deleted()
    {
        CurieStudy study = experiment.Study();
        study.Cut();
        CurieStudy other = experiment.Study();
        other.Cut(seed: 2);
        End(0, study.Start(study.Shard(5)), other.Start(other.Shard(5)));
        Assert.Contains("7 shards of 8 are not done (0-4, 6, 7)", study.Run(1, study.Merge), StringComparison.Ordinal);
        End(0, study.Start(study.Shard(0)), study.Start(study.Shard(1)));
        Assert.Contains("5 shards of 8 are not done (2-4, 6, 7)", study.Run(1, study.Merge), StringComparison.Ordinal);
        foreach (int shard in (int[])[2, 3, 4, 6, 7])
        {
            study.Run(0, study.Shard(shard));
        }

        string file = study.Folder(5).FileOf(0);
        byte[] whole = File.ReadAllBytes(file);
        foreach (
            byte[] bytes in (byte[][])
                [
                    whole[..^1],
                    whole[..(whole.Length / 2)],
                    [],
                    Flipped(whole),
                    File.ReadAllBytes(other.Folder(5).FileOf(0)),
                    File.ReadAllBytes(study.Folder(4).FileOf(0)),
                ]
        )
        {
            File.WriteAllBytes(file, bytes);
            Assert.Contains("shards/0005/0000.shard", study.Run(1, study.Merge), StringComparison.Ordinal);
            Assert.False(study.IsMerged);
        }

        Assert.All(Enumerable.Range(0, CurieStudy.Shards), shard => Assert.True(study.Folder(shard).IsDone));
        File.Delete(file);
        study.Local(0, "--resume");
        study.AssertSameBytes();
        Assert.Equal(2, study.Attempts(5).Count);
        Assert.All([0, 1, 2, 3, 4, 6, 7], shard => Assert.Single(study.Attempts(shard)));
    }

    [SlurmFact(isLong: true)]
    public void Processes_that_meet_at_a_shard_do_its_work_once()
    {
        CurieStudy study = experiment.Study();
        study.Cut();
        string[] results = End(0, study.Start(study.Shard(0)), study.Start(study.Shard(0)), study.Start(study.Shard(0)));
        Assert.Single(results, result => result.Contains("is done", StringComparison.Ordinal));
        Assert.Equal(2, results.Count(result => result.Contains("was done already", StringComparison.Ordinal)));
        Assert.Single(study.Attempts(0));
        study.Local(0, "--resume");
        study.AssertSameBytes();
        Assert.Contains("was merged already", study.Run(0, study.Merge), StringComparison.Ordinal);
    }

    private static string[] End(int code, params Process[] processes) =>
        [
            .. processes.Select(process =>
            {
                using (process)
                {
                    return CurieProgram.End(process, code);
                }
            }),
        ];

    private static byte[] Flipped(byte[] bytes)
    {
        byte[] copy = [.. bytes];
        copy[copy.Length / 2] ^= 1;
        return copy;
    }
}

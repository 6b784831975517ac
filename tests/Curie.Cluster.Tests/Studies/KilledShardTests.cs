using System.Diagnostics;
using System.Globalization;

namespace Curie.Cluster.Tests.Studies;

/// <summary>Shards that are killed at random moments, wherever they are; CURIE_KILLS says how often, .ci/long sets it.</summary>
[Collection(CurieCollection.Name)]
public sealed class KilledShardTests(CurieExperiment experiment)
{
    private static readonly int Kills = int.TryParse(
        Environment.GetEnvironmentVariable("CURIE_KILLS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out int kills
    )
        ? kills
        : 8;

    /// <summary>Later than a process needs to start, so that about half of the kills meet one that samples.</summary>
    private const int LatestKill = 2000;

    [Fact]
    public void Shards_and_merges_that_are_killed_at_random_moments_give_the_bytes_of_one_process()
    {
        Random random = new(1);
        for (int killed = 0; killed < Kills; )
        {
            CurieStudy study = experiment.Study();
            study.Cut();
            while (!study.IsMerged)
            {
                int[] left = [.. Enumerable.Range(0, CurieStudy.Shards).Where(shard => !study.Folder(shard).IsDone)];
                string[] command = left.Length > 0 ? study.Shard(left[random.Next(left.Length)]) : study.Merge;
                using Process process = study.Start(command);
                if (killed < Kills && !process.WaitForExit(random.Next(LatestKill)))
                {
                    process.Kill();
                    process.WaitForExit();
                    killed++;
                }
                else
                {
                    CurieProgram.End(process, code: 0);
                }
            }

            study.AssertSameBytes();
        }
    }
}

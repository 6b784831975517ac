using System.Diagnostics;
using Curie.Cluster.Tests.Slurm;
using Curie.Numerics;
using Curie.Studies;
using Curie.Studies.Sharding;

namespace Curie.Cluster.Tests.Studies;

/// <summary>Shards of which three attempts have saved nothing.</summary>
[Collection(CurieCollection.Name)]
public sealed class GivenUpShardTests(CurieExperiment experiment)
{
    [Fact]
    public void A_shard_that_is_stopped_three_times_before_it_saves_anything_fails_with_a_sentence()
    {
        CurieStudy study = experiment.Study();
        study.Cut();

        // The first saves what is measured before chains are begun, and the others nothing more.
        Assert.ThrowsAny<OperationCanceledException>(StopAtOnce);
        Assert.ThrowsAny<OperationCanceledException>(StopAtOnce);
        Assert.ThrowsAny<OperationCanceledException>(StopAtOnce);
        Assert.All(study.Attempts(7), attempt => Assert.Equal(ShardAttemptState.Stopped, attempt.State));
        Assert.Equal([true, false, false], study.Attempts(7).Select(attempt => attempt.HasSaved));
        Assert.False(study.Folder(7).IsGivenUp);
        Assert.Contains("was stopped three times", Assert.Throws<InputException>(StopAtOnce).Message, StringComparison.Ordinal);
        Assert.Equal(ShardAttemptState.Failed, study.Attempts(7)[3].State);
        Assert.True(study.Folder(7).IsGivenUp);

        study.Folder(7).ForgetAttempts();
        study.Run(0, study.Shard(7));
        Assert.True(Assert.Single(study.Attempts(7)).HasSaved);
        Assert.False(study.Folder(7).IsGivenUp);

        // By the first that it hears of the chains, long before a draw.
        void StopAtOnce()
        {
            using CancellationTokenSource stop = new();
            ShardRunner.Run(study.Path, 7, new StudyOptions { Threads = 1 }, progress: new Stop(stop), cancellation: stop.Token);
        }
    }

    [SlurmFact(isLong: true)]
    public void A_merge_that_waits_ends_when_a_shard_is_given_up_and_the_study_can_be_submitted_again()
    {
        CurieStudy study = experiment.Study();
        study.Cut();
        using Process merge = study.Start([.. study.Merge, "--wait"]);
        string model = Path.Combine(experiment.Path, "model");
        Directory.Move(model, model + "-elsewhere");
        try
        {
            for (int attempt = 0; attempt < ShardFolder.MostFruitless; attempt++)
            {
                Assert.False(merge.HasExited);
                study.Run(1, study.Shard(3));
            }
        }
        finally
        {
            Directory.Move(model + "-elsewhere", model);
        }

        string sentence = CurieProgram.End(merge, code: 1);
        Assert.Contains("1 shard of 8 is given up (3)", sentence, StringComparison.Ordinal);
        Assert.Contains("--resume", sentence, StringComparison.Ordinal);
        Assert.Equal("failed", study.Conditions[3]);
        study.Local(0, "--resume");
        study.AssertSameBytes();
        Assert.Single(study.Attempts(3));
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => source.Cancel();
    }
}

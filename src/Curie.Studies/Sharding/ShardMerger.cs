using System.Diagnostics;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling.Shards;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>Merges the shards of a study in its folder: the results have the bytes of one process.</summary>
public static class ShardMerger
{
    /// <summary>The file that says that a study is merged, in its folder.</summary>
    public const string RecordName = "merged.json";

    /// <summary>Whether a study is merged.</summary>
    public static bool IsMerged(string folder) => File.Exists(Path.Combine(folder, RecordName));

    /// <summary>The shards whose files are not there yet, in order.</summary>
    public static IReadOnlyList<int> Missing(string folder, ShardPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. Enumerable.Range(0, plan.Shards.Count).Where(index => !new ShardFolder(folder, plan, index).IsDone)];
    }

    /// <summary>Refuses to wait for shards that are given up.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="plan">Its plan.</param>
    /// <exception cref="InputException">Some are, by what their attempts have written: they are named.</exception>
    public static void RequireHope(string folder, ShardPlan plan)
    {
        ShardFolder[] lost =
        [
            .. Missing(folder, plan).Select(index => new ShardFolder(folder, plan, index)).Where(shard => shard.IsGivenUp),
        ];
        if (lost.Length == 0)
        {
            return;
        }

        string why = lost[0].Attempts()[^1].Message is { } message ? $" ({ShardNames.Of(lost[0].Index)} says: {message.TrimEnd('.')})" : "";
        throw new InputException(
            $"{folder}: {Counted.Of(lost.Length, "shard")} of {plan.Shards.Count} {Counted.Word(lost.Length, "is", "are")} given up "
                + $"({ShardNames.Ranges([.. lost.Select(shard => shard.Index)])}), since three attempts at "
                + $"{(lost.Length == 1 ? "it" : "each")} have saved nothing{why}; mend that, and give the same `curie submit` with "
                + "`resume`."
        );
    }

    /// <summary>Merges; the shards' own files are deleted once the results are there. A study that is merged is left as it is.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="keep">Whether the shards' files stay.</param>
    /// <param name="takeOver">Whether the folder is taken over from a process that has ended, as by
    /// <see cref="OutputFolder.TakeOver"/>.</param>
    /// <param name="progress">Told as components are merged.</param>
    /// <param name="cancellation">Stops; nothing is lost.</param>
    /// <returns>False if it was merged already.</returns>
    /// <exception cref="InputException">A shard is missing, damaged, there twice or another's; or a file cannot be written.</exception>
    /// <exception cref="DivergenceException">Nothing can be estimated of what was sampled.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static bool Merge(
        string folder,
        StudyOptions options,
        bool keep = false,
        bool takeOver = false,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ShardPlan plan = ShardPlan.Read(folder);
        if (IsMerged(folder))
        {
            return false;
        }

        RequireAll(folder, plan);
        if (takeOver)
        {
            OutputFolder.TakeOver(folder);
        }

        using OutputFolder output = OutputFolder.Open(folder, ExistingRun.Resume);
        if (IsMerged(folder))
        {
            return false;
        }

        Stopwatch time = Stopwatch.StartNew();
        using (ShardedStudy study = ShardedStudy.Open(plan, options))
        {
            study.RequireUnchanged(plan, Enumerable.Range(0, plan.Units.Count));
            output.Enter([RecordName, .. study.ResultFiles]);
            study.Merge(
                plan,
                output,
                unit => [.. plan.HoldersOf(unit).Select(index => new ShardFolder(folder, plan, index).FileOf(unit))],
                progress,
                cancellation
            );
        }

        MergeRecord record = new(plan.Shards.Count, time.Elapsed.TotalSeconds, Environment.MachineName);
        RecordJson.WriteFile(Path.Combine(folder, RecordName), record);
        for (int index = 0; index < plan.Shards.Count && !keep; index++)
        {
            ShardFolder shard = new(folder, plan, index);
            foreach (PlannedWork work in plan.Shards[index].Work)
            {
                File.Delete(shard.FileOf(work.Unit));
            }
        }

        return true;
    }

    /// <summary>Refuses a merge that is started before all shards are done.</summary>
    private static void RequireAll(string folder, ShardPlan plan)
    {
        IReadOnlyList<int> missing = Missing(folder, plan);
        if (missing.Count > 0)
        {
            throw new InputException(
                $"{folder}: {Counted.Of(missing.Count, "shard")} of {plan.Shards.Count} {Counted.Word(missing.Count, "is", "are")} not "
                    + "done "
                    + $"({ShardNames.Ranges(missing)}); see how they stand with `curie status`, and merge when they are done."
            );
        }
    }
}

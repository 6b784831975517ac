using System.Globalization;
using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling.Shards;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>Where the files of a shard lie: <c>shards/0007</c> in the study's folder, written by nobody but the shard.</summary>
public sealed class ShardFolder
{
    /// <summary>The folder of the shards in a study's folder.</summary>
    public const string Parent = "shards";

    private const string AttemptPrefix = "attempt-";
    private readonly ShardPlan _plan;

    /// <summary>A shard's folder.</summary>
    /// <param name="study">The study's folder.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="index">The shard.</param>
    /// <exception cref="InputException">The plan has no such shard.</exception>
    public ShardFolder(string study, ShardPlan plan, int index)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (index < 0 || index >= plan.Shards.Count)
        {
            throw new InputException($"there is no shard {index}: {study} has shards 0 to {plan.Shards.Count - 1}.");
        }

        _plan = plan;
        Index = index;
        Path = System.IO.Path.Combine(study, Parent, ShardNames.Of(index));
    }

    /// <summary>The shard.</summary>
    public int Index { get; }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether the shard's files are all there.</summary>
    public bool IsDone => _plan.Shards[Index].Work.All(work => File.Exists(FileOf(work.Unit)));

    /// <summary>The file of what the shard does of a unit.</summary>
    public string FileOf(int unit) => System.IO.Path.Combine(Path, FileName(unit));

    /// <summary>What a unit's states lie in, on the way.</summary>
    public string StatesOf(int unit) => System.IO.Path.Combine(Path, StatesName(unit));

    /// <summary>The name of a unit's file.</summary>
    public static string FileName(int unit) => $"{ShardNames.Of(unit)}.shard";

    /// <summary>The name of the folder of a unit's states.</summary>
    public static string StatesName(int unit) => $"{ShardNames.Of(unit)}.states";

    /// <summary>The name of an attempt's file.</summary>
    public static string AttemptName(int attempt) => string.Create(CultureInfo.InvariantCulture, $"{AttemptPrefix}{attempt}.json");

    /// <summary>
    /// The files by which shards' folders are kept, relative to the study's, for its ledger: theirs are entered in their own.
    /// </summary>
    public static IEnumerable<string> LedgerOf(ShardPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return from index in Enumerable.Range(0, plan.Shards.Count)
            let folder = System.IO.Path.Combine(Parent, ShardNames.Of(index))
            from name in OutputFolder.OwnFiles.Concat(plan.Shards[index].Work.Select(work => FileName(work.Unit)))
            select System.IO.Path.Combine(folder, name);
    }

    /// <summary>What the attempts so far have said, in order; a file that is damaged says nothing.</summary>
    public IReadOnlyList<ShardAttempt> Attempts()
    {
        if (!Directory.Exists(Path))
        {
            return [];
        }

        List<ShardAttempt> attempts = [];
        foreach (string file in Directory.GetFiles(Path, $"{AttemptPrefix}*.json"))
        {
            try
            {
                attempts.Add(RecordJson.ReadFile<ShardAttempt>(file));
            }
            catch (Exception error) when (error is JsonException or InputException)
            {
                // Written by a disk that was full, or gone since it was listed; what the shard made is judged by its own files.
            }
        }

        return [.. attempts.OrderBy(attempt => attempt.Attempt)];
    }
}

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

    /// <summary>After how many attempts in a row that have saved nothing a shard is given up.</summary>
    public const int MostFruitless = 3;

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

    /// <summary>
    /// Whether the shard is given up: the last three attempts have saved nothing, and have ended, in whatever way. Whoever submits it
    /// again forgets them.
    /// </summary>
    public bool IsGivenUp
    {
        get
        {
            ShardAttempt[] last = [.. Attempts().TakeLast(MostFruitless)];
            return last.Length == MostFruitless
                && !last.Any(attempt => attempt.HasSaved)
                && !IsDone
                && (last[^1].State != ShardAttemptState.Running || OutputFolder.IsInUse(Path) == false);
        }
    }

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

    /// <summary>Forgets the attempts, as if there had been none; what they have saved stays.</summary>
    /// <exception cref="InputException">A file cannot be deleted.</exception>
    public void ForgetAttempts()
    {
        foreach (string file in AttemptFiles())
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"cannot delete {file}: {error.Message} Check the folder's permissions.", error);
            }
        }
    }

    /// <summary>What the attempts so far have said, in order; a file that is damaged says nothing.</summary>
    public IReadOnlyList<ShardAttempt> Attempts()
    {
        List<ShardAttempt> attempts = [];
        foreach (string file in AttemptFiles())
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

    private string[] AttemptFiles() => Directory.Exists(Path) ? Directory.GetFiles(Path, $"{AttemptPrefix}*.json") : [];
}

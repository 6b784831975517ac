using Curie.Numerics;

namespace Curie.Cluster;

/// <summary>A study in shards, as an engine has to know it: where it lies, how shards are started, and what each needs.</summary>
public sealed record ClusterJob
{
    /// <summary>The option by which a merge that had to leave chains out is none that failed.</summary>
    public const string AcceptExcluded = "--accept-excluded";

    /// <summary>The folder of the run, absolute; every node must see it at the same path.</summary>
    public required string Folder { get; init; }

    /// <summary>What the study is called in the queue. Default <c>curie</c>.</summary>
    public string Name { get; init; } = "curie";

    /// <summary>How many shards there are; they have the indices from 0.</summary>
    public required int Shards { get; init; }

    /// <summary>What starts Curie: the program, and what comes before the command, as in <c>dotnet</c> and <c>curie.dll</c>.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>The vector width of every node, as a value of <c>CURIE_ISA</c>: nodes of other widths give other bits.</summary>
    public required string Isa { get; init; }

    /// <summary>The cores of a shard.</summary>
    public required int Cpus { get; init; }

    /// <summary>The memory of a shard, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The estimate for the longest shard, in hours.</summary>
    public required double Hours { get; init; }

    /// <summary>The memory of the merge, in bytes.</summary>
    public required long MergeMemoryBytes { get; init; }

    /// <summary>The estimate for the merge, in hours.</summary>
    public required double MergeHours { get; init; }

    /// <summary>After how many seconds a shard saves its state. Default null: the program's own.</summary>
    public int? SaveEvery { get; init; }

    /// <summary>Whether shards and merge take folders over from processes that have ended, where there are no locks.</summary>
    public bool TakeOver { get; init; }

    /// <summary>Where the output of shards and merge goes.</summary>
    public string Logs => Path.Combine(Folder, "logs");

    /// <summary>The command line of a shard, which finds its index in its environment.</summary>
    public IReadOnlyList<string> ShardCommand => [.. Program, .. ShardWords(Folder)];

    /// <summary>The command line of the merge.</summary>
    public IReadOnlyList<string> MergeCommand => [.. Program, .. MergeWords(Folder)];

    /// <summary>What follows the program to run a shard of the study in a folder, which may lie elsewhere for a container.</summary>
    internal IReadOnlyList<string> ShardWords(string folder) =>
        [
            "shard",
            folder,
            .. SaveEvery is { } seconds ? (string[])["--save-every", FormattableString.Invariant($"{seconds}")] : [],
            .. TakeOverWords,
        ];

    /// <summary>What follows the program to merge the study in a folder.</summary>
    internal IReadOnlyList<string> MergeWords(string folder) => ["merge", folder, AcceptExcluded, .. TakeOverWords];

    private string[] TakeOverWords => TakeOver ? ["--take-over"] : [];

    /// <summary>The log of a shard, to which every attempt adds.</summary>
    public string LogOf(int shard) => Path.Combine(Logs, FormattableString.Invariant($"shard-{shard}.log"));

    /// <summary>Checks that the job can be placed at all.</summary>
    /// <exception cref="InputException">The folder is no absolute path or holds a line break, or a size is out of range.</exception>
    public void Validate()
    {
        if (!Path.IsPathFullyQualified(Folder) || Folder.Any(char.IsControl))
        {
            throw new InputException(
                $"the run's folder {Visible(Folder)} must be an absolute path without control characters; put the run elsewhere."
            );
        }

        if (Name.Length is 0 or > 200 || Name.Any(char.IsControl))
        {
            throw new InputException($"the name {Visible(Name)} must be 1 to 200 visible characters; choose another.");
        }

        if (Shards < 1 || Cpus < 1 || MemoryBytes < 1 || MergeMemoryBytes < 1)
        {
            throw new InputException("shards, their cores and their memory must be at least 1; check the numbers.");
        }

        if (SaveEvery < 0)
        {
            throw new InputException("the seconds after which a shard saves its state must be 0 or more; raise `save every`.");
        }

        if (Program.Count == 0 || Program.Any(word => word.Length == 0 || word.Any(char.IsControl)))
        {
            throw new InputException("the program that starts Curie must be a path without control characters; install it elsewhere.");
        }

        if (Isa.Length == 0 || !Isa.All(char.IsAsciiLetterOrDigit))
        {
            throw new InputException($"the vector width {Visible(Isa)} must be one of scalar, 128, 256 and 512; check CURIE_ISA.");
        }

        if (!(Hours >= 0 && MergeHours >= 0 && double.IsFinite(Hours) && double.IsFinite(MergeHours)))
        {
            throw new InputException("the hours of shards and merge must be finite and not negative; check the plan.");
        }
    }

    private static string Visible(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? FormattableString.Invariant($"\\u{(int)letter:x4}") : $"{letter}"));
}

using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Shards;

/// <summary>The files of all shards of a study, checked to belong together.</summary>
public sealed class ShardSet
{
    private readonly Dictionary<string, ShardFile> _entries = [];

    /// <summary>Opens and checks the files.</summary>
    /// <param name="paths">The files, in any order.</param>
    /// <param name="study">The kind of study.</param>
    /// <param name="fingerprint">The study's fingerprint.</param>
    /// <param name="count">The number of its shards.</param>
    /// <param name="shared">Entries that every shard has, with the same bytes.</param>
    /// <exception cref="InputException">A file is damaged, of another study, there twice or missing, or was computed by another version or
    /// vector width than the others.</exception>
    public ShardSet(IReadOnlyList<string> paths, string study, string fingerprint, int count, params IReadOnlyList<string> shared)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(shared);
        ShardFile?[] files = new ShardFile?[count];
        foreach (ShardFile file in paths.Select(ShardFile.Open))
        {
            ShardHeader header = file.Header;
            if (header.Study != study || header.Fingerprint != fingerprint || header.Count != count || header.Index >= count)
            {
                throw new InputException(
                    $"{file.Path} belongs to another study, or to another cut of this one: its configuration, model, data or number of "
                        + "shards differ; remove it and run this study's shard."
                );
            }

            if (files[header.Index] is { } other)
            {
                throw new InputException($"{other.Path} and {file.Path} are both shard {header.Index}; remove one.");
            }

            files[header.Index] = file;
        }

        int[] missing = [.. Enumerable.Range(0, count).Where(index => files[index] is null)];
        if (missing.Length > 0)
        {
            throw new InputException(
                $"{Counted.Of(missing.Length, "shard")} of {count} {Counted.Word(missing.Length, "is", "are")} missing "
                    + $"({ShardNames.Ranges(missing)}); wait for {Counted.Word(missing.Length, "it", "them")}, or run "
                    + $"{Counted.Word(missing.Length, "it", "them")}, and merge then."
            );
        }

        Files = [.. files.OfType<ShardFile>()];
        foreach (ShardFile file in Files)
        {
            CheckAlike(Files[0], file, shared);
            foreach (string entry in file.Header.Entries.Keys.Except(shared))
            {
                if (!_entries.TryAdd(entry, file))
                {
                    throw new InputException(
                        $"{_entries[entry].Path} and {file.Path} both hold {entry}; remove one and run the other again."
                    );
                }
            }
        }
    }

    /// <summary>The files, by index.</summary>
    public IReadOnlyList<ShardFile> Files { get; }

    /// <summary>Whether a shard has an entry that is not in all.</summary>
    public bool Holds(string entry) => _entries.ContainsKey(entry);

    /// <summary>The ranges of a component's chains that shards hold, in order: together they are all its chains.</summary>
    /// <exception cref="InputException">A chain is missing.</exception>
    public IEnumerable<ChainRange> RangesOf(Component component, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(options);
        for (int chain = 0; chain < options.Chains; )
        {
            ChainRange range = RangeFrom(component, chain, options);
            yield return range;
            chain = range.End;
        }
    }

    /// <summary>Reads an entry that one shard alone has.</summary>
    /// <exception cref="InputException">No shard has it, or it is damaged.</exception>
    public T Read<T>(string entry, Func<Stream, T> read) =>
        _entries.TryGetValue(entry, out ShardFile? file)
            ? file.Read(entry, read)
            : throw new InputException($"no shard holds {entry}; the study is not whole: cut and run it again.");

    private ChainRange RangeFrom(Component component, int chain, SamplingOptions options)
    {
        for (int count = options.ChainsPerUnit; count <= options.Chains - chain; count += options.ChainsPerUnit)
        {
            ChainRange range = new(chain, count);
            if (_entries.ContainsKey(ShardNames.Entry(component, range)))
            {
                return range;
            }
        }

        throw new InputException(
            $"no shard holds chain {chain} of {component.Name}"
                + $"{(component.IsFull ? ", without which nothing can be estimated" : "")}; cut the study and run it again."
        );
    }

    private static void CheckAlike(ShardFile first, ShardFile file, IReadOnlyList<string> shared)
    {
        foreach ((string name, string version) in first.Header.Versions)
        {
            if (!file.Header.Versions.TryGetValue(name, out string? other) || other != version)
            {
                throw new InputException(
                    $"{first.Path} was computed with {name} {version} and {file.Path} with {name} {other ?? "unknown"}, whose bits differ; "
                        + "run one of the two shards again like the other."
                );
            }
        }

        foreach (string entry in shared)
        {
            if (
                !first.Header.Entries.TryGetValue(entry, out string? digest)
                || !file.Header.Entries.TryGetValue(entry, out string? other)
                || digest != other
            )
            {
                throw new InputException(
                    $"{first.Path} and {file.Path} differ in {entry}, which is the same in all shards of a study; their machines do not "
                        + "compute alike, or a file is damaged: run the second shard again on the machine of the first."
                );
            }
        }
    }
}

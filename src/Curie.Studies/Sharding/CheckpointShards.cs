using System.Text;
using System.Text.Json.Nodes;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;
using Curie.Studies.Folders;
using Curie.Studies.Progress;

namespace Curie.Studies.Sharding;

/// <summary>A study that measures checkpoints one by one, cut between them; what one checkpoint gives is not cut further.</summary>
public abstract class CheckpointShards : ShardedStudy
{
    private const string Entry = "checkpoint";

    /// <summary>A study of a kind.</summary>
    private protected CheckpointShards(StudyOptions options)
        : base(options, threads: 0) { }

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedUnit> Units =>
        [.. Checkpoints.Select((checkpoint, unit) => new PlannedUnit(checkpoint.Name, FingerprintOf(unit)))];

    /// <inheritdoc/>
    public override long MergeBytes => 1L << 29;

    /// <summary>The checkpoints, in ascending order of steps.</summary>
    private protected abstract IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <summary>What is read beside the checkpoints.</summary>
    private protected abstract IReadOnlyList<string> DataFiles { get; }

    /// <summary>The files of a checkpoint that decide what it gives.</summary>
    private protected abstract IEnumerable<string?> FilesOf(Checkpoint checkpoint);

    /// <summary>Measures a checkpoint and writes what it gives.</summary>
    private protected abstract Action<BinaryWriter> Measure(Checkpoint checkpoint, CancellationToken cancellation);

    /// <summary>Reads what was written of a checkpoint, in their order, and keeps it.</summary>
    private protected abstract void Take(Checkpoint checkpoint, BinaryReader reader);

    /// <summary>Writes the results of all that was taken.</summary>
    private protected abstract void Write(OutputFolder folder);

    /// <inheritdoc/>
    private protected override string FingerprintOf(int unit) =>
        RunFingerprint.Of(
            new JsonObject { ["settings"] = Configuration.GetRawText(), ["step"] = Checkpoints[unit].Step },
            [.. FilesOf(Checkpoints[unit]), .. DataFiles]
        );

    /// <inheritdoc/>
    private protected override IReadOnlyList<PlannedShard> Cut(int shards) =>
        [
            .. Enumerable
                .Range(0, Math.Min(shards, Checkpoints.Count))
                .Select(shard => new PlannedShard(
                    [
                        .. Enumerable
                            .Range(0, Checkpoints.Count)
                            .Where(unit => unit % Math.Min(shards, Checkpoints.Count) == shard)
                            .Select(unit => new PlannedWork(unit, [])),
                    ],
                    Operations: 0,
                    Options.Memory * 4 / 5
                )),
        ];

    /// <inheritdoc/>
    internal override void Run(
        ShardPlan plan,
        int shard,
        PlannedWork work,
        string path,
        SavedStates states,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        WorkCounter counter = new(progress, "measuring", "checkpoints", total: 1);
        Action<BinaryWriter> write = Measure(Checkpoints[work.Unit], cancellation);
        ShardFile.Write(path, plan.HeaderOf(shard, work.Unit), [(Entry, stream =>
                {
                    using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
                    write(writer);
                })]);
        counter.Advance(1, Checkpoints[work.Unit].Name);
    }

    /// <inheritdoc/>
    internal override void Merge(
        ShardPlan plan,
        OutputFolder folder,
        Func<int, IReadOnlyList<string>> filesOf,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellation
    )
    {
        WorkCounter counter = new(progress, "merging", "checkpoints", Checkpoints.Count);
        for (int unit = 0; unit < Checkpoints.Count; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            ShardHeader header = plan.HeaderOf(plan.HoldersOf(unit).First(), unit);
            ShardSet set = new(filesOf(unit), Kind, header.Fingerprint, header.Count);
            Checkpoint checkpoint = Checkpoints[unit];
            set.Read<object?>(Entry, stream =>
            {
                using BinaryReader reader = new(stream, Encoding.UTF8);
                Take(checkpoint, reader);
                return null;
            });
            counter.Advance(1, checkpoint.Name);
        }

        Write(folder);
    }
}

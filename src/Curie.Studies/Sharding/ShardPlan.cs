using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling.Shards;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>
/// How a study is cut into shards: the file <c>shards.json</c> of its folder, from which every shard, and the merge, know all that they
/// need.
/// </summary>
public sealed record ShardPlan
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "shards.json";

    /// <summary>The kind of study: <c>susceptibility</c>, <c>llc</c>, <c>scores</c> or <c>regression-evaluation</c>.</summary>
    public required string Study { get; init; }

    /// <summary>What was asked for, with absolute paths.</summary>
    public required JsonElement Configuration { get; init; }

    /// <summary>Curie's version, .NET's and the vector width, which decide the bits: shards that differ are not merged.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The vector width that every shard computes with, as <c>CURIE_ISA</c> names it.</summary>
    public required string Isa { get; init; }

    /// <summary>The threads of a shard; 0 for all cores.</summary>
    public required int Threads { get; init; }

    /// <summary>The memory that a shard may take, in bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>The checkpoints, or checkpoints by data sets, in order.</summary>
    public required IReadOnlyList<PlannedUnit> Units { get; init; }

    /// <summary>The shards, in order.</summary>
    public required IReadOnlyList<PlannedShard> Shards { get; init; }

    /// <summary>Identifies everything that decides the bits of a shard and what it holds.</summary>
    public string Fingerprint()
    {
        ShardPlan decisive = this with { Threads = 0, Memory = 0 };
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(RecordJson.ToText(decisive, indented: false))));
    }

    /// <summary>The header of the file that a shard writes of a unit: shards are counted among those that hold a part of it.</summary>
    public ShardHeader HeaderOf(int shard, int unit)
    {
        int[] holders = [.. HoldersOf(unit)];
        return new ShardHeader(
            Study,
            $"{Fingerprint()}/{Units[unit].Fingerprint}",
            Array.IndexOf(holders, shard),
            holders.Length,
            Versions
        );
    }

    /// <summary>The shards that hold a part of a unit, in order.</summary>
    public IEnumerable<int> HoldersOf(int unit) =>
        Enumerable.Range(0, Shards.Count).Where(shard => Shards[shard].Work.Any(work => work.Unit == unit));

    /// <summary>Reads the plan of a folder.</summary>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static ShardPlan Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InputException(
                $"{folder} holds no study that was cut into shards: there is no {FileName} in it; name another folder."
            );
        }

        try
        {
            ShardPlan plan = RecordJson.ReadFile<ShardPlan>(path);
            bool whole =
                plan.Shards.Count > 0 && plan.Shards.All(shard => shard.Work.All(work => work.Unit >= 0 && work.Unit < plan.Units.Count));
            return whole ? plan : throw new JsonException("it names no shards, or units that are not there");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is damaged; submit the study again.", error);
        }
    }

    /// <summary>Refuses to continue a study that was cut as if one process had begun it.</summary>
    /// <exception cref="InputException">The folder holds a study in shards.</exception>
    internal static void RequireUncut(string folder, ExistingRun existing)
    {
        if (existing == ExistingRun.Resume && File.Exists(Path.Combine(folder, FileName)))
        {
            throw new InputException(
                $"{folder} holds a study that was cut into shards: see how they stand with `curie status`, give `curie submit` "
                    + "and `resume` to continue them, or name another folder."
            );
        }
    }

    /// <summary>Writes the plan into a folder, whole or not at all.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string folder) => RecordJson.WriteFile(Path.Combine(folder, FileName), this);
}

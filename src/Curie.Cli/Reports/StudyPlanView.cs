using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Attention;
using Curie.Numerics;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;
using Curie.Studies.Sharding;

namespace Curie.Cli.Reports;

/// <summary>What a study takes: by its counted operations, the items that threads can share, and the cut into shards.</summary>
internal sealed class StudyPlanView
{
    /// <summary>
    /// The bytes of shards' files that a merge reads, checks and adds up in a second: 51 MB of the demo's took .8 s, half of it to load the
    /// model.
    /// </summary>
    private const double MergedPerSecond = 100e6;

    private readonly SamplingPlan? _plan;
    private readonly int _cores;
    private readonly int _perNode;
    private readonly double _peak;
    private readonly double _used;
    private readonly int _units;
    private readonly double _shardBytes;
    private readonly long _mergeBytes;
    private readonly AttentionPlan? _attention;
    private readonly List<Cluster> _clusters = [];

    /// <summary>Plans.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cores">The cores of a shard.</param>
    /// <param name="perNode">The shards of a node.</param>
    /// <param name="nodes">The numbers of nodes.</param>
    /// <param name="peak">The peak of a core, GFLOP/s; null to measure this machine's.</param>
    public StudyPlanView(ShardedStudy study, int cores, int perNode, IReadOnlyList<int> nodes, double? peak)
    {
        (_cores, _perNode) = (cores, perNode);
        _plan = study.PlanOfUnit();
        _units = study.Units.Count;
        _shardBytes = study.ShardBytes;
        _mergeBytes = study.MergeBytes;
        _attention = study.Attention;
        using Machine one = new(study.Machine.Kernels, threads: 1);
        double here = MachinePeak.Measure(one.Kernels.Width, one.Pool);
        _peak = peak ?? here;
        _used = WorkTime.UsedBy(study, one, here);
        foreach (int count in nodes)
        {
            ShardPlan shards = study.Plan(count * perNode);
            double longest = shards.Shards.Max(shard => shard.Operations);
            _clusters.Add(
                new Cluster(
                    count,
                    shards.Shards.Count,
                    longest,
                    shards.Shards.Average(shard => shard.Operations),
                    shards.Shards.Max(shard => shard.Bytes)
                )
            );
        }
    }

    /// <summary>Sentences and two tables.</summary>
    public string Text
    {
        get
        {
            if (_plan is null)
            {
                return "The operations of this study are not counted: its components are sampled one by one, whatever the memory.";
            }

            string[] lines =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Counted.Of(_units, "run")} of {_plan.Operations:0.##e0} operations, "
                        + $"{_plan.UpdateOperations / _plan.Operations:0 %} of "
                        + $"them updates. A core's peak is taken as {_peak:0} GFLOP/s, of which {_used:0 %} are used, as tried here."
                ),
                "",
                TextTable.Render(
                    ["sampled together", "operations", "items of updates", "items of draws", $"speed-up on {_cores}"],
                    _plan.Groups.Select(Row)
                ),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"All together {_plan.Speedup(_cores):0.0} times faster on {_cores} cores than on one, if nothing but items limits it."
                ),
                "",
                TextTable.Render(
                    ["nodes", "shards", "longest shard", "over the mean", "memory of a shard"],
                    _clusters.Select(cluster =>
                        new[]
                        {
                            Invariant($"{cluster.Nodes}"),
                            Invariant($"{cluster.Shards}"),
                            WorkTime.Words(TimeOf(cluster)),
                            Invariant($"{cluster.Longest / cluster.Mean:0.00}"),
                            SamplingPlan.Size(cluster.Bytes),
                        }
                    )
                ),
                _shardBytes > 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"The merge reads about {SamplingPlan.Size((long)_shardBytes)} of shards' files, takes about "
                            + $"{WorkTime.Words(MergeTime)} "
                            + $"and {SamplingPlan.Size(_mergeBytes)} of memory, however many shards there are."
                    )
                    : $"The merge takes {SamplingPlan.Size(_mergeBytes)} of memory, however many shards there are.",
                .. _attention is { } kept
                    ? ProseLines.Wrap(
                        $"Beside each run at most {SamplingPlan.Size(kept.Bytes)} of attention is kept for its page "
                            + "(attention_megabytes): "
                            + $"{Counted.Of(kept.Heads, "head")}, {Counted.Of(kept.Rows.Sum(), "row")} of text, "
                            + $"{Counted.Of(kept.Positions, "position")} of each.",
                        ProseLines.Width
                    )
                    : [],
            ];
            return string.Join('\n', lines);
        }
    }

    /// <summary>The same for scripts.</summary>
    public JsonObject Json =>
        new()
        {
            ["runs"] = _units,
            ["operations_of_a_run"] = _plan?.Operations,
            ["cores"] = _cores,
            ["peak_gflops_of_a_core"] = _peak,
            ["used_share_of_peak"] = _used,
            ["speed_up"] = _plan?.Speedup(_cores),
            ["groups"] = new JsonArray([
                .. (_plan?.Groups ?? []).Select(group => new JsonObject
                {
                    ["components"] = new JsonArray([.. group.Components.Select(component => (JsonNode)component.Name)]),
                    ["operations"] = group.Operations,
                    ["update_items"] = group.Parallelism.UpdateItems,
                    ["draw_items"] = group.Parallelism.DrawItems,
                    ["speed_up"] = group.Speedup(_cores),
                }),
            ]),
            ["clusters"] = new JsonArray([
                .. _clusters.Select(cluster => new JsonObject
                {
                    ["nodes"] = cluster.Nodes,
                    ["shards"] = cluster.Shards,
                    ["hours"] = _plan is null ? null : TimeOf(cluster).TotalHours,
                    ["longest_over_mean"] = cluster.Mean > 0 ? cluster.Longest / cluster.Mean : null,
                    ["bytes"] = cluster.Bytes,
                }),
            ]),
            ["merge"] = new JsonObject
            {
                ["shard_bytes"] = _shardBytes,
                ["seconds"] = _shardBytes > 0 ? MergeTime.TotalSeconds : null,
                ["bytes"] = _mergeBytes,
            },
            ["attention"] = _attention is { } kept
                ? new JsonObject
                {
                    ["bytes"] = kept.Bytes,
                    ["heads"] = kept.Heads,
                    ["rows"] = kept.Rows.Sum(),
                    ["positions"] = kept.Positions,
                }
                : null,
        };

    private TimeSpan MergeTime => TimeSpan.FromSeconds(_shardBytes / MergedPerSecond);

    private TimeSpan TimeOf(Cluster cluster) => WorkTime.Of(cluster.Longest, _peak * _plan!.Speedup(_cores), _used);

    private string[] Row(PlannedGroup group) =>
        [
            group.Components.Count == 1
                ? group.Components[0].Name
                : Invariant($"{group.Components[0].Name} … {group.Components[^1].Name}, {group.Components.Count}"),
            Invariant($"{group.Operations:0.##e0}"),
            Invariant($"{group.Parallelism.UpdateItems}"),
            Invariant($"{group.Parallelism.DrawItems}"),
            Invariant($"{group.Speedup(_cores):0.0}"),
        ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Cluster(int Nodes, int Shards, double Longest, double Mean, long Bytes);
}

using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>Experiments cut into shards, each sampled by itself, with another number of threads and in another order, and merged.</summary>
public sealed class ShardedExperimentTests : IDisposable
{
    private static readonly string[] Files = ["manifest.json", RunFolder.ArrayFileName, RunFolder.BatchFileName];
    private static readonly IReadOnlyDictionary<string, string> Versions = new Dictionary<string, string> { ["isa"] = "some" };
    private readonly string _folder = Directory.CreateTempSubdirectory("curie-shards-").FullName;
    private readonly ParameterSet _model = ModelReader.Load(Path.Combine(Source, "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(Source, "pile.npy"));
    private readonly TokenRows _near = TokenRows.Load(Path.Combine(Source, "near.npy"));

    private static string Source => ReferenceFiles.Susceptibility("3-attention-shortformer");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _model.Dispose();
        _data.Dispose();
        _near.Dispose();
    }

    /// <summary>Coupled pairs with full's own covariance and both levels; products of single chains; another observable.</summary>
    [Theory]
    [InlineData("pairs", 2)]
    [InlineData("pairs", 5)]
    [InlineData("pairs", 100)]
    [InlineData("chains", 3)]
    [InlineData("observable", 4)]
    public void Merged_shards_have_the_bytes_of_one_process(string kind, int count)
    {
        SusceptibilityInputs inputs = Inputs(kind);
        Whole(inputs);
        IReadOnlyList<Shard> shards = Cut(inputs, count);
        Assert.InRange(shards.Count, 2, count);
        string[] paths = [.. shards.Select((_, index) => RunShard(inputs, shards, shards.Count - 1 - index, stopAfter: null))];
        Merge(inputs, paths, shards.Count);
        AssertSame();
    }

    /// <summary>Every shard is stopped after each of some draws and goes on where it was saved.</summary>
    [Fact]
    public void A_shard_that_is_stopped_again_and_again_ends_in_the_same_bytes()
    {
        SusceptibilityInputs inputs = Inputs("pairs");
        Whole(inputs);
        IReadOnlyList<Shard> shards = Cut(inputs, 3);
        int stops = 0;
        Merge(inputs, [.. shards.Select((_, index) => Finish(index))], shards.Count);
        AssertSame();
        Assert.InRange(stops, 2 * shards.Count, int.MaxValue);

        string Finish(int index)
        {
            while (true)
            {
                try
                {
                    return RunShard(inputs, shards, index, stopAfter: 9);
                }
                catch (OperationCanceledException)
                {
                    stops++;
                }
            }
        }
    }

    [Fact]
    public void A_merge_says_of_stopped_chains_what_one_process_says()
    {
        SusceptibilityInputs inputs = Inputs("stopped");
        IReadOnlyList<Shard> shards = Cut(inputs, 3);
        string[] paths = [.. shards.Select((_, index) => RunShard(inputs, shards, index, stopAfter: null))];
        Assert.Equal(
            Assert.Throws<DivergenceException>(() => Whole(inputs)).Message,
            Assert.Throws<DivergenceException>(() => Merge(inputs, paths, shards.Count)).Message
        );
    }

    [Fact]
    public void A_merge_refuses_what_is_missing_doubled_damaged_or_from_elsewhere()
    {
        SusceptibilityInputs inputs = Inputs("pairs");
        IReadOnlyList<Shard> shards = Cut(inputs, 4);
        string[] paths = [.. shards.Select((_, index) => RunShard(inputs, shards, index, stopAfter: null))];
        Assert.Contains("1 shard of 4 is missing (2)", Refused([.. paths.Where((_, index) => index != 2)]), StringComparison.Ordinal);
        Assert.Contains("are both shard 1", Refused([.. paths, paths[1]]), StringComparison.Ordinal);
        Assert.Contains("3 shards of 4 are missing (1-3)", Refused(paths[..1]), StringComparison.Ordinal);

        byte[] good = File.ReadAllBytes(paths[3]);
        File.WriteAllBytes(paths[3], good[..(good.Length / 2)]);
        Assert.Contains("not the whole file of a shard", Refused(paths), StringComparison.Ordinal);
        byte[] flipped = [.. good];
        flipped[good.Length / 3] ^= 4;
        File.WriteAllBytes(paths[3], flipped);
        Assert.Contains("is not what was written", Refused(paths), StringComparison.Ordinal);
        File.WriteAllBytes(paths[3], good);

        ShardFile file = ShardFile.Open(paths[3]);
        Rewrite(file, paths[3], file.Header with { Fingerprint = "other" });
        Assert.Contains("belongs to another study", Refused(paths), StringComparison.Ordinal);
        Rewrite(file, paths[3], file.Header with { Versions = new Dictionary<string, string> { ["isa"] = "other" } });
        Assert.Contains("isa some", Refused(paths), StringComparison.Ordinal);
        Assert.False(RunFolder.Holds(Path.Combine(_folder, "merged")));

        // A shard that leaves full out: nothing can be estimated.
        File.WriteAllBytes(paths[3], good);
        int holder = Array.FindIndex(paths, path =>
            ShardFile.Open(path).Header.Entries.Keys.Any(entry => entry.StartsWith("full", StringComparison.Ordinal))
        );
        ShardFile full = ShardFile.Open(paths[holder]);
        Rewrite(full, paths[holder], full.Header, entry => !entry.StartsWith("full", StringComparison.Ordinal));
        Assert.Contains("of full, without which nothing can be estimated", Refused(paths), StringComparison.Ordinal);

        string Refused(string[] given) => Assert.Throws<InputException>(() => Merge(inputs, given, shards.Count)).Message;
    }

    /// <summary>
    /// The longest shard takes no more than a tenth over its fair part, unless it is a single unit of a single component.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Shards_cost_about_the_same_and_hold_everything_once(int count)
    {
        SusceptibilityInputs inputs = Inputs("pairs");
        IReadOnlyList<Shard> shards = Cut(inputs, count);
        double fair = shards.Sum(shard => shard.Cost) / count;
        Assert.All(shards, shard =>
            Assert.True(shard.Cost < 1.1 * fair || shard.Runs[0] is [{ Components.Count: 1, Chains.Count: 2 }], $"{shard.Cost} of {fair}")
        );
        List<(string, int)> held =
        [
            .. from shard in shards
            from part in shard.Runs[0]
            from component in part.Components
            from chain in Enumerable.Range(part.Chains.First, part.Chains.Count)
            select (component.Name, chain),
        ];
        Assert.Equal(held.Count, held.Distinct().Count());
        Assert.Equal(16, held.Count);
    }

    private static void Rewrite(ShardFile file, string path, ShardHeader header, Func<string, bool>? keep = null)
    {
        Dictionary<string, byte[]> entries = file
            .Header.Entries.Keys.Where(keep ?? (_ => true))
            .ToDictionary(name => name, name => file.Read(name, stream =>
                    {
                        using MemoryStream copy = new();
                        stream.CopyTo(copy);
                        return copy.ToArray();
                    }));
        ShardFile.Write(path, header, entries.Select(pair => (pair.Key, (Action<Stream>)(stream => stream.Write(pair.Value)))));
    }

    private void AssertSame() =>
        Assert.All(Files, name =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "whole", name)), File.ReadAllBytes(Path.Combine(_folder, "merged", name)))
        );

    private void Whole(SusceptibilityInputs inputs)
    {
        using Machine machine = Machine.Create(2);
        Directory.CreateDirectory(Path.Combine(_folder, "whole"));
        new SusceptibilityExperiment(inputs, machine).Run(Path.Combine(_folder, "whole"), false, null, CancellationToken.None);
    }

    private static IReadOnlyList<Shard> Cut(SusceptibilityInputs inputs, int count)
    {
        using Machine machine = Machine.Create(1);
        return new SusceptibilityExperiment(inputs, machine).Cut(count);
    }

    private string RunShard(SusceptibilityInputs inputs, IReadOnlyList<Shard> shards, int index, int? stopAfter)
    {
        using Machine machine = Machine.Create(1 + (index % 2));
        using CancellationTokenSource stop = new();
        SavedStates states = new(Path.Combine(_folder, $"states-{index}"), "cut", TimeSpan.Zero);
        Directory.CreateDirectory(states.Folder);
        string path = Path.Combine(_folder, $"{index}.shard");
        int reports = 0;
        new SusceptibilityExperiment(inputs, machine, shards[index].Runs[0]).RunShard(
            new ShardHeader(SusceptibilityExperiment.StudyName, "cut", index, shards.Count, Versions),
            path,
            states,
            new Progress(() =>
            {
                if (++reports == stopAfter)
                {
                    stop.Cancel();
                }
            }),
            stop.Token
        );
        return path;
    }

    private void Merge(SusceptibilityInputs inputs, string[] paths, int count)
    {
        using Machine machine = Machine.Create(1);
        string folder = Path.Combine(_folder, "merged");
        Directory.CreateDirectory(folder);
        new SusceptibilityExperiment(inputs, machine, []).Merge(folder, paths, "cut", count);
    }

    private SusceptibilityInputs Inputs(string kind) =>
        new()
        {
            Model = _model,
            Data = _data,
            Components = new ComponentParser(_model.Layout).ParseAll(
                kind == "pairs" ? ["full", "l0h1", "l2h2", "l2h4"] : ["l0h1", "l2h2", "l2h4"]
            ),
            Probes =
            [
                new ProbeInput { Name = "near", Rows = _near },
                new ProbeInput
                {
                    Name = "pile",
                    Rows = _data,
                    RowLimit = 7,
                },
            ],
            Sampling = new SamplingOptions
            {
                StepSize = 0.002,
                NBeta = 100,
                Localization = 300,
                Chains = 4,
                Draws = 6,
                StepsBetweenDraws = 2,
                Antithetic = kind != "chains",
                NoiseLevel = kind == "stopped" ? 14 : 1,
                Seed = 3,
            },
            Covariance = kind == "chains" ? CovarianceEstimator.Product : CovarianceEstimator.Response,
            GaussianPairs = 4,
            BatchSize = 3,
            LossRows = 7,
            FullDraws = 12,
            Observable = kind == "observable" ? new ObservableInput("near") : null,
            Configuration = JsonSerializer.SerializeToElement(kind),
            Fingerprint = kind,
        };

    private sealed class Progress(Action report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report();
    }
}

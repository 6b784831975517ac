using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cluster.Tests.Slurm;
using Curie.Studies.Sharding;

namespace Curie.Cluster.Tests.Studies;

/// <summary>An experiment cut into shards, run by Curie's own commands.</summary>
internal sealed class CurieStudy(CurieExperiment experiment, string config, string name, int shards, SlurmCluster? cluster)
{
    /// <summary>Into how many shards nearly all are cut.</summary>
    public const int Shards = 8;

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>What is added to the environment of its commands, and so to that of its tasks. Default nothing.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = Nothing;

    /// <summary>Its folder.</summary>
    public string Path { get; } = System.IO.Path.Combine(experiment.Path, name);

    /// <summary>What was submitted.</summary>
    public SubmissionRecord Submission => SubmissionRecord.Read(Path)!;

    /// <summary>The array of shards that was submitted last.</summary>
    public string Array => Submission.ShardJobs[^1];

    /// <summary>What <c>curie status</c> says.</summary>
    public JsonNode Status => JsonNode.Parse(Run(0, "status", name, "--json"))!;

    /// <summary>The same study, on a cluster.</summary>
    public CurieStudy On(SlurmCluster other) => new(experiment, config, name, shards, other) { Variables = Variables };

    /// <summary>Runs a command of Curie's to its end.</summary>
    /// <returns>What it printed; if it is to fail, why.</returns>
    public string Run(int code, params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        return CurieProgram.End(process, code);
    }

    /// <summary>Starts a command of Curie's.</summary>
    public Process Start(params IEnumerable<string> arguments) =>
        CurieProgram.Start(experiment.Path, new Dictionary<string, string>([.. cluster?.Variables ?? Nothing, .. Variables]), arguments);

    /// <summary>Submits it to Slurm.</summary>
    public void Submit(params IEnumerable<string> more) => Run(0, [.. Command, .. more]);

    /// <summary>Runs it on this machine.</summary>
    public string Local(int code, params IEnumerable<string> more) => Run(code, [.. Command, "--engine", "local", .. more]);

    /// <summary>Cuts it and starts nothing.</summary>
    public void Cut(int seed = 1) =>
        Run(
            0,
            [.. Command, "--seed", Text(seed), "--engine", "kubernetes", "--image", "curie", "--claim", "runs", "--mount", experiment.Path]
        );

    /// <summary>The command of a shard.</summary>
    public string[] Shard(int shard) => ["shard", name, "--index", Text(shard), "--threads", "1", "--save-every", "0"];

    /// <summary>The command of the merge.</summary>
    public string[] Merge => ["merge", name];

    /// <summary>How its shards stand: the word of <c>curie status</c> of each.</summary>
    public string[] Conditions => [.. Status["shards"]!.AsArray().Select(shard => (string)shard!["condition"]!)];

    /// <summary>Whether it is merged.</summary>
    public bool IsMerged => ShardMerger.IsMerged(Path);

    /// <summary>The folder of a shard.</summary>
    public ShardFolder Folder(int shard) => new(Path, ShardPlan.Read(Path), shard);

    /// <summary>The attempts at a shard.</summary>
    public IReadOnlyList<ShardAttempt> Attempts(int shard) => Folder(shard).Attempts();

    /// <summary>Whether a shard has saved a state, and goes on.</summary>
    public bool HasSaved(int shard) =>
        Directory.Exists(Folder(shard).StatesOf(0)) && Directory.GetFiles(Folder(shard).StatesOf(0), "*.state").Length > 0;

    /// <summary>The log of a shard.</summary>
    public string LogOf(int shard) => File.Exists(Submission.Job.LogOf(shard)) ? File.ReadAllText(Submission.Job.LogOf(shard)) : "";

    /// <summary>The node on which a shard runs.</summary>
    public int NodeOf(int shard) =>
        cluster!.Run("squeue", "--noheader", $"--jobs={Array}_{Text(shard)}", "--format=%N").Trim() is { Length: > 0 } node
            ? node[^1] - '0'
            : throw new InvalidOperationException($"shard {shard} does not run: {LogOf(shard)}");

    /// <summary>The process of Curie at a shard.</summary>
    public int ProcessOf(int shard) =>
        cluster!
            .TaskProcesses(NodeOf(shard))
            .Single(process =>
                File.ReadAllText($"/proc/{Text(process)}/cmdline").Split('\0') is [string program, ..]
                && System.IO.Path.GetFileName(program) == "dotnet"
            );

    /// <summary>Waits until a shard has saved something.</summary>
    public void UntilSaved(int shard) =>
        Wait.Until(() => HasSaved(shard), seconds: 120, () => $"shard {shard} saves nothing: {LogOf(shard)}");

    /// <summary>Waits until the last merge that was submitted has ended without results.</summary>
    public void UntilRefused()
    {
        string log = System.IO.Path.Combine(Submission.Job.Logs, "merge.log");
        Wait.Until(() => File.Exists(log) && File.ReadAllText(log).Contains("curie: ", StringComparison.Ordinal), seconds: 180, Describe);
        Assert.False(IsMerged);
    }

    /// <summary>Waits for the merge, whose results must have the bytes of one process.</summary>
    public void UntilMerged(double seconds = 240)
    {
        Wait.Until(
            () =>
            {
                cluster!.Hurry(Array);
                return IsMerged;
            },
            seconds,
            Describe
        );
        AssertSameBytes();
    }

    /// <summary>Asserts that the results have the bytes of one process.</summary>
    public void AssertSameBytes() => experiment.AssertSameBytes(config, Path);

    private string[] Command =>
        ["submit", "susceptibility", "--config", config, "--out", name, "--shards", Text(shards), "--cpus", "1", "--save-every", "0"];

    private string Describe() => $"{Run(0, "status", name, "--all")}\n{string.Concat(Enumerable.Range(0, shards).Select(LogOf))}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

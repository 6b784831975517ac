using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Reports;
using Curie.Cluster;
using Curie.Cluster.Kubernetes;
using Curie.Cluster.Local;
using Curie.Cluster.Slurm;
using Curie.Numerics;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;
using Curie.Studies.Folders;
using Curie.Studies.Sharding;

namespace Curie.Cli.Commands.Cluster;

/// <summary>One submission: the plan, what it costs, and the engine.</summary>
internal sealed class Submission(
    Session session,
    ClusterOptions cluster,
    ParseResult parsed,
    ShardedStudy study,
    IReadOnlyList<string> inputs
)
{
    /// <summary>What a process takes beside what the plan counts, as a factor and in bytes.</summary>
    private const double Margin = 1.15;
    private const long MarginBytes = 256L << 20;

    /// <summary>Files of a run that the engines write.</summary>
    private static readonly string[] EngineFiles =
    [
        SubmissionRecord.File,
        SlurmScripts.ArrayFile,
        SlurmScripts.MergeFile,
        KubernetesManifests.ShardsFile,
        KubernetesManifests.MergeFile,
        Path.Combine("logs", "merge.log"),
    ];

    private readonly string _folder = Path.GetFullPath(cluster.Folder(parsed));
    private readonly string _engine = cluster.Engine(parsed);

    /// <summary>Plans, writes and submits.</summary>
    public int Run()
    {
        ShardPlan plan = study.Plan(cluster.Shards(parsed));
        ClusterJob job = JobOf(plan);
        Describe(plan, job);
        if (cluster.IsDryRun(parsed))
        {
            return DryRun(job);
        }

        CheckEngine(job);
        IReadOnlyList<int> shards = Write(plan);
        if (shards.Count == 0)
        {
            session.Say($"All shards of {cluster.Folder(parsed)} are done.");
        }

        return _engine switch
        {
            SlurmEngine.Name => Slurm(job, shards),
            KubernetesManifests.Engine => Kubernetes(job),
            _ => Local(job, shards),
        };
    }

    /// <summary>How Curie is started again: the same program, wherever the shell found it.</summary>
    private static IReadOnlyList<string> Program()
    {
        string process = Environment.ProcessPath ?? "curie";
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, typeof(Submission).Assembly.Location] : [process];
    }

    private ClusterJob JobOf(ShardPlan plan)
    {
        int cpus = cluster.Cpus(parsed);
        using Machine one = new(study.Machine.Kernels, threads: 1);
        double peak = MachinePeak.Measure(one.Kernels.Width, one.Pool);
        double used = WorkTime.UsedBy(study, one, peak);
        return new ClusterJob
        {
            Folder = _folder,
            Name = cluster.Name(parsed),
            Shards = plan.Shards.Count,
            Program = Program(),
            Isa = plan.Isa,
            Cpus = cpus,
            MemoryBytes = WithMargin(plan.Shards.Max(shard => shard.Bytes)),
            Hours = WorkTime.Of(plan.Shards.Max(shard => shard.Operations), cpus * peak, used).TotalHours,
            MergeMemoryBytes = WithMargin(study.MergeBytes),
            MergeHours = 0,
            SaveEvery = cluster.SaveEvery(parsed),
            TakeOver = cluster.TakeOver(parsed),
        };
    }

    private static long WithMargin(long bytes) => (long)(Margin * bytes) + MarginBytes;

    private void Describe(ShardPlan plan, ClusterJob job)
    {
        double longest = plan.Shards.Max(shard => shard.Operations);
        double mean = plan.Shards.Average(shard => shard.Operations);
        string time =
            longest > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"The longest takes about {WorkTime.Words(TimeSpan.FromHours(job.Hours))} on {Counted.Of(job.Cpus, "core")} like this "
                        + $"machine's, {longest / mean:0.00} times the mean; all together {mean * plan.Shards.Count:0.#e0} operations. "
                )
                : "How long they take is not known. ";
        session.Say(
            $"{Counted.Of(plan.Shards.Count, "shard")} of {plan.Study}{Over(plan)}, vectors of {plan.Isa} bits. {time}"
                + $"Each takes at most {SamplingPlan.Size(job.MemoryBytes)} of memory, and the merge "
                + $"{SamplingPlan.Size(job.MergeMemoryBytes)}."
        );
    }

    private static string Over(ShardPlan plan) =>
        plan.Units.Count == 1 ? "" : $" over {Counted.Of(plan.Units.Count, "checkpoint and data set", "checkpoints and data sets")}";

    private int DryRun(ClusterJob job)
    {
        string[] texts = _engine switch
        {
            SlurmEngine.Name => Texts(new SlurmScripts(job, cluster.Slurm(parsed))),
            KubernetesManifests.Engine => Texts(new KubernetesManifests(job, cluster.Kubernetes(parsed))),
            _ => [string.Join('\n', job.ShardCommand.Append("--index N")), string.Join('\n', job.MergeCommand)],
        };
        session.Report(
            string.Join('\n', texts),
            new JsonObject { ["files"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]) },
            verbatim: true
        );
        return ExitCode.Done;
    }

    private static string[] Texts(SlurmScripts scripts) =>
        [$"# {SlurmScripts.ArrayFile}\n{scripts.Array}", $"# {SlurmScripts.MergeFile}\n{scripts.Merge}"];

    private static string[] Texts(KubernetesManifests manifests) =>
        [$"# {KubernetesManifests.ShardsFile}\n{manifests.Shards}", $"# {KubernetesManifests.MergeFile}\n{manifests.Merge}"];

    /// <summary>Whatever an engine would refuse is refused before anything is written.</summary>
    private void CheckEngine(ClusterJob job)
    {
        switch (_engine)
        {
            case SlurmEngine.Name:
                _ = new SlurmScripts(job, cluster.Slurm(parsed));
                break;
            case KubernetesManifests.Engine:
                _ = new KubernetesManifests(job, cluster.Kubernetes(parsed));
                break;
            default:
                cluster.Local(parsed).Validate();
                break;
        }
    }

    /// <summary>Writes the plan, or finds the study that is there and what is left of it.</summary>
    private IReadOnlyList<int> Write(ShardPlan plan)
    {
        ExistingRun existing = cluster.Existing(parsed);
        if (existing == ExistingRun.Resume && File.Exists(Path.Combine(_folder, ShardPlan.FileName)))
        {
            if (ShardPlan.Read(_folder).Fingerprint() != plan.Fingerprint())
            {
                throw new InputException(
                    $"{cluster.Folder(parsed)} holds a study with another configuration, model, data or number of shards; resume with the "
                        + "same ones, or start over with --overwrite."
                );
            }

            IReadOnlyList<int> left = ShardMerger.IsMerged(_folder) ? [] : ShardMerger.Missing(_folder, plan);
            foreach (ShardFolder shard in left.Select(index => new ShardFolder(_folder, plan, index)).Where(shard => shard.IsGivenUp))
            {
                shard.ForgetAttempts();
            }

            return left;
        }

        SharedOptions.TakeOver(cluster.TakeOver(parsed), _folder);
        using OutputFolder folder = OutputFolder.Open(_folder, existing, inputs: inputs);
        folder.Enter([ShardPlan.FileName, .. EngineFiles, .. ShardFolder.LedgerOf(plan)]);
        folder.Enter(plan.Shards.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"logs/shard-{index}.log")));
        plan.Write(_folder);
        return [.. Enumerable.Range(0, plan.Shards.Count)];
    }

    private int Slurm(ClusterJob job, IReadOnlyList<int> shards)
    {
        if (shards.Count == 0)
        {
            return ExitCode.Done;
        }

        SubmissionRecord record = SlurmEngine.Submit(
            job,
            cluster.Slurm(parsed),
            new SlurmClient(),
            shards.Count == job.Shards ? null : shards
        );
        session.Report(
            $"Submitted {Counted.Of(shards.Count, "shard")} ({ShardNames.Ranges(shards)}) as job {record.ShardJobs[^1]}, and the merge "
                + "as job "
                + $"{record.MergeJob}, which begins when they have ended. See how they stand: curie status {cluster.Folder(parsed)}",
            Json(record)
        );
        return ExitCode.Done;
    }

    private int Kubernetes(ClusterJob job)
    {
        SubmissionRecord record = new KubernetesManifests(job, cluster.Kubernetes(parsed)).Write();
        string[] files = [Path.Combine(_folder, KubernetesManifests.ShardsFile), Path.Combine(_folder, KubernetesManifests.MergeFile)];
        session.Report(
            $"Wrote {string.Join(" and ", files)}. Start both:\nkubectl apply -f {files[0]} -f {files[1]}\n"
                + $"See how they stand: curie status {cluster.Folder(parsed)}",
            Json(record)
        );
        return ExitCode.Done;
    }

    private int Local(ClusterJob job, IReadOnlyList<int> shards)
    {
        LocalEngine engine = new(job, cluster.Local(parsed));
        SubmissionRecord record = new()
        {
            Engine = LocalEngine.Name,
            Job = job,
            Host = Environment.MachineName,
            Submitted = DateTimeOffset.Now,
        };
        record.Write();
        int done = job.Shards - shards.Count;
        Progress ended = new(end =>
        {
            if (end.ExitCode == ShardExit.Done)
            {
                session.Say($"Shard {end.Shard} is done, {++done} of {job.Shards}.");
            }
        });
        session.InterruptionAdvice = "give the same command with --resume to continue.";
        LocalOutcome outcome = engine.RunShards(shards, ended, session.Cancellation).GetAwaiter().GetResult();
        session.Cancellation.ThrowIfCancellationRequested();
        if (outcome.Failed.Count > 0)
        {
            ShardEnd first = outcome.Failed[0];
            throw new InputException(
                $"{Counted.Of(outcome.Failed.Count, "shard")} failed "
                    + $"({ShardNames.Ranges([.. outcome.Failed.Select(end => end.Shard)])}); {job.LogOf(first.Shard)} says why. Mend "
                    + "that, and give "
                    + "the same command with --resume."
            );
        }

        int code = engine.RunMerge(session.Cancellation).GetAwaiter().GetResult();
        string log = Path.Combine(job.Logs, "merge.log");
        if (code is not (ExitCode.Done or ExitCode.ChainsExcluded))
        {
            throw new InputException($"the merge failed; {log} says why.");
        }

        session.Report($"Merged {Counted.Of(job.Shards, "shard")} in {cluster.Folder(parsed)}; {log} says what came out.", Json(record));
        return code;
    }

    private static JsonObject Json(SubmissionRecord record) =>
        new()
        {
            ["engine"] = record.Engine,
            ["run"] = record.Job.Folder,
            ["shards"] = record.Job.Shards,
            ["shard_jobs"] = new JsonArray([.. record.ShardJobs.Select(id => (JsonNode)id)]),
            ["merge_job"] = record.MergeJob,
            ["hours"] = record.Job.Hours,
            ["memory_bytes"] = record.Job.MemoryBytes,
        };

    private sealed class Progress(Action<ShardEnd> report) : IProgress<ShardEnd>
    {
        public void Report(ShardEnd value) => report(value);
    }
}

using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Files;
using k8s;
using k8s.Models;

namespace Curie.Cluster.Kubernetes;

/// <summary>
/// The two manifests of a study on Kubernetes 1.29 or later: an Indexed Job with a pod for each shard, and the merge. Kubernetes knows no
/// job that waits for another; the merge's pod waits itself, by looking at the run's files, and needs its memory only then.
/// </summary>
public sealed class KubernetesManifests
{
    /// <summary>The engine's name.</summary>
    public const string Engine = "kubernetes";

    /// <summary>The file of the shards' job.</summary>
    public const string ShardsFile = "shards.yaml";

    /// <summary>The file of the merge's job.</summary>
    public const string MergeFile = "merge.yaml";

    private const string Volume = "run";
    private const string ShardContainer = "shard";
    private const string MergeContainer = "merge";

    private readonly ClusterJob _job;
    private readonly KubernetesOptions _options;
    private readonly string _folder;

    /// <summary>Makes the manifests of a job.</summary>
    /// <exception cref="InputException">The job or the options are not valid.</exception>
    public KubernetesManifests(ClusterJob job, KubernetesOptions options)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(options);
        job.Validate();
        options.Validate();
        (_job, _options, _folder) = (job, options, options.RunFolderOf(job));
        JobName = KubernetesName.Of(job.Name, job.Shards);
        Shards = Text(MakeShards());
        Merge = Text(MakeMerge());
    }

    /// <summary>The name of the shards' job; that of the merge ends with <c>-merge</c>.</summary>
    public string JobName { get; }

    /// <summary>The shards' job as YAML.</summary>
    public string Shards { get; }

    /// <summary>The merge's job as YAML.</summary>
    public string Merge { get; }

    /// <summary>Writes both manifests into the run, and what was written.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public SubmissionRecord Write()
    {
        AtomicFile.WriteAllText(Path.Combine(_job.Folder, ShardsFile), Shards);
        AtomicFile.WriteAllText(Path.Combine(_job.Folder, MergeFile), Merge);
        SubmissionRecord record = new()
        {
            Engine = Engine,
            Job = _job,
            ShardJobs = [JobName],
            MergeJob = $"{JobName}-merge",
            Kubernetes = _options,
            Host = Environment.MachineName,
            Submitted = DateTimeOffset.Now,
        };
        record.Write();
        return record;
    }

    private static string Text(V1Job job)
    {
        string text = KubernetesYaml.Serialize(job);

        // What cannot be read back is no manifest, whatever the reason.
        KubernetesYaml.Deserialize<V1Job>(text, strict: true);
        return text.EndsWith('\n') ? text : text + "\n";
    }

    private V1Job MakeShards()
    {
        V1JobSpec spec = new()
        {
            CompletionMode = "Indexed",
            Completions = _job.Shards,
            Parallelism = _options.Parallelism is { } limit ? Math.Min(limit, _job.Shards) : _job.Shards,
            BackoffLimitPerIndex = _options.BackoffLimitPerIndex,
            PodFailurePolicy = Interruptions(ShardContainer),
            PodReplacementPolicy = "Failed",
            Template = Pod(ShardContainer, _job.ShardWords(_folder), _options.Cpus ?? _job.Cpus, _options.MemoryBytes ?? _job.MemoryBytes),
        };
        return Job(JobName, spec);
    }

    private V1Job MakeMerge()
    {
        V1JobSpec spec = new()
        {
            BackoffLimit = _options.BackoffLimitPerIndex,
            PodFailurePolicy = Interruptions(MergeContainer),
            PodReplacementPolicy = "Failed",
            Template = Pod(MergeContainer, [.. _job.MergeWords(_folder), "--wait"], cpus: 1, _job.MergeMemoryBytes),
        };
        return Job($"{JobName}-merge", spec);
    }

    private V1Job Job(string name, V1JobSpec spec) =>
        new()
        {
            ApiVersion = $"{V1Job.KubeGroup}/{V1Job.KubeApiVersion}",
            Kind = V1Job.KubeKind,
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = _options.Namespace,
                Labels = Labels,
            },
            Spec = spec,
        };

    private Dictionary<string, string> Labels => new() { ["app.kubernetes.io/name"] = "curie", ["app.kubernetes.io/instance"] = JobName };

    /// <summary>What ends a pod without being a failure of its shard: eviction, and the exit code that asks to continue.</summary>
    private static V1PodFailurePolicy Interruptions(string container) =>
        new()
        {
            Rules =
            [
                new V1PodFailurePolicyRule
                {
                    Action = "Ignore",
                    OnPodConditions = [new V1PodFailurePolicyOnPodConditionsPattern { Type = "DisruptionTarget", Status = "True" }],
                },
                new V1PodFailurePolicyRule
                {
                    Action = "Ignore",
                    OnExitCodes = new V1PodFailurePolicyOnExitCodesRequirement
                    {
                        ContainerName = container,
                        OperatorProperty = "In",
                        Values = [ShardExit.AsksToContinue],
                    },
                },
            ],
        };

    private V1PodTemplateSpec Pod(string name, IEnumerable<string> arguments, int cpus, long bytes) =>
        new()
        {
            Metadata = new V1ObjectMeta { Labels = Labels },
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                TerminationGracePeriodSeconds = (long)Math.Ceiling(_options.Notice.TotalSeconds),
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                SecurityContext = Rights(),
                NodeSelector = NodeSelector(),
                Containers = [Container(name, arguments, cpus, bytes)],
                Volumes =
                [
                    new V1Volume
                    {
                        Name = Volume,
                        PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = _options.Claim },
                    },
                ],
            },
        };

    private V1Container Container(string name, IEnumerable<string> arguments, int cpus, long bytes)
    {
        Dictionary<string, ResourceQuantity> resources = new()
        {
            ["cpu"] = new ResourceQuantity(Invariant($"{cpus}")),
            ["memory"] = new ResourceQuantity(Invariant($"{(bytes + (1 << 20) - 1) >> 20}Mi")),
        };
        return new V1Container
        {
            Name = name,
            Image = _options.Image,

            // The image's entry point is curie. Kubernetes puts variables in place of $(NAME), and $ in place of $$.
            Args = [.. arguments.Select(word => word.Replace("$", "$$", StringComparison.Ordinal))],
            WorkingDir = _options.MountPath,
            Env = [new V1EnvVar { Name = "CURIE_ISA", Value = _job.Isa }],
            Resources = new V1ResourceRequirements { Requests = resources, Limits = resources },
            VolumeMounts = [new V1VolumeMount { Name = Volume, MountPath = _options.MountPath }],
        };
    }

    private V1PodSecurityContext? Rights() =>
        _options.User is null && _options.Group is null
            ? null
            : new V1PodSecurityContext
            {
                RunAsUser = _options.User,
                RunAsGroup = _options.Group,
                FsGroup = _options.Group,
            };

    private Dictionary<string, string>? NodeSelector() =>
        _options.NodeLabels.Count == 0
            ? null
            : _options.NodeLabels.Select(label => label.Split('=', 2)).ToDictionary(label => label[0], label => label[1]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

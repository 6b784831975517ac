using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Cluster.Kubernetes;

/// <summary>How Kubernetes is asked for the shards of a study. Nothing here changes a result.</summary>
public sealed partial record KubernetesOptions
{
    /// <summary>The image, whose entry point is <c>curie</c>, as that of the repository's Dockerfile.</summary>
    public required string Image { get; init; }

    /// <summary>The persistent volume claim that holds the run and all that it reads; every node must be able to write to it.</summary>
    public required string Claim { get; init; }

    /// <summary>Where the volume is mounted in the container. Default <c>/data</c>.</summary>
    public string MountPath { get; init; } = "/data";

    /// <summary>The run's folder in the container, below the mount. Default null: the same path as here.</summary>
    public string? RunFolder { get; init; }

    /// <summary>The namespace. Default null: that of whoever applies the manifests.</summary>
    public string? Namespace { get; init; }

    /// <summary>The cores of a shard. Default null: those of the plan.</summary>
    public int? Cpus { get; init; }

    /// <summary>The memory of a shard, in bytes. Default null: that of the plan.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How many shards may run at a time. Default null: as many as the cluster has room for.</summary>
    public int? Parallelism { get; init; }

    /// <summary>
    /// How often a shard may fail before it is given up. To be evicted, or stopped with its state saved, is no failure. Default 3.
    /// </summary>
    public int BackoffLimitPerIndex { get; init; } = 3;

    /// <summary>How long a shard has to save its state between SIGTERM and SIGKILL. Default 2 minutes.</summary>
    public TimeSpan Notice { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The user that the container runs as, by number, who must own the run. Default null: the image's own.</summary>
    public long? User { get; init; }

    /// <summary>The group of that user, which the volume's files are given too. Default null: the image's own.</summary>
    public long? Group { get; init; }

    /// <summary>Labels that a node must have, as <c>node.kubernetes.io/instance-type=c7i.16xlarge</c>. Default none.</summary>
    public IReadOnlyList<string> NodeLabels { get; init; } = [];

    /// <summary>The run's folder in the container.</summary>
    /// <exception cref="InputException">It is not below the mount.</exception>
    public string RunFolderOf(ClusterJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        string folder = (RunFolder ?? job.Folder).TrimEnd('/');
        string mount = MountPath.TrimEnd('/');
        return folder.StartsWith($"{mount}/", StringComparison.Ordinal) && !folder.Split('/').Contains("..")
            ? folder
            : throw new InputException(
                $"the run {folder} is not below {MountPath}, where the container sees the volume; set the `mount path`, or the "
                    + "`run folder` in the container."
            );
    }

    /// <summary>Checks everything that can be checked before Kubernetes is asked.</summary>
    /// <exception cref="InputException">A name or a number is none that Kubernetes could take.</exception>
    public void Validate()
    {
        if (Image.Length == 0 || Image.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
        {
            throw new InputException($"the `image` {Image} is no name of an image; write REGISTRY/NAME:TAG.");
        }

        Check("claim", Claim, Subdomain());
        if (Namespace is not null)
        {
            Check("namespace", Namespace, KubernetesName.Label());
        }

        if (!MountPath.StartsWith('/') || MountPath.Contains(':', StringComparison.Ordinal) || MountPath.Any(char.IsControl))
        {
            throw new InputException($"the `mount path` {MountPath} must be an absolute path without colons; change it.");
        }

        if (Cpus < 1 || Parallelism < 1 || MemoryBytes < 1 << 20 || BackoffLimitPerIndex < 0)
        {
            throw new InputException(
                "cores and shards at a time must be at least 1, memory at least 1 MiB, and failures of a shard not negative; change them."
            );
        }

        if (Notice < TimeSpan.FromSeconds(1) || Notice > TimeSpan.FromDays(1))
        {
            throw new InputException("the time to save a state must be from a second to a day; change it.");
        }

        if (User < 0 || Group < 0)
        {
            throw new InputException("user and group are numbers from 0; change them.");
        }

        foreach (string label in NodeLabels.Where(label => !NodeLabel().IsMatch(label)))
        {
            throw new InputException($"the `node label` {label} is none; write KEY=VALUE.");
        }
    }

    private static void Check(string what, string name, Regex pattern)
    {
        if (name.Length > 253 || !pattern.IsMatch(name))
        {
            throw new InputException($"the `{what}` {name} is no name in Kubernetes; write lower-case letters, digits and -.");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[A-Za-z0-9][-A-Za-z0-9_./]*=([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?\z")]
    private static partial Regex NodeLabel();
}

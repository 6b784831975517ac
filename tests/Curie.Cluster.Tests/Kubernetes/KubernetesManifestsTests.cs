using System.Diagnostics;
using Curie.Cluster.Kubernetes;
using Curie.Numerics;
using Curie.Tests;
using k8s;
using k8s.Models;

namespace Curie.Cluster.Tests.Kubernetes;

public sealed class KubernetesManifestsTests : IDisposable
{
    private static readonly KubernetesOptions Plain = new() { Image = "registry.example/curie:1", Claim = "study" };
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<KubernetesOptions, string> Bad =>
        new()
        {
            { Plain with { Image = "a b" }, "image" },
            { Plain with { Claim = "Study" }, "claim" },
            { Plain with { Namespace = "a.b" }, "namespace" },
            { Plain with { MountPath = "data" }, "mount path" },
            { Plain with { MountPath = "/elsewhere" }, "not below /elsewhere" },
            { Plain with { RunFolder = "/data/../etc" }, "not below /data" },
            { Plain with { Cpus = 0 }, "at least 1" },
            { Plain with { BackoffLimitPerIndex = -1 }, "not negative" },
            { Plain with { Notice = TimeSpan.Zero }, "a second" },
            { Plain with { User = -1 }, "user and group" },
            { Plain with { NodeLabels = ["zone"] }, "node label" },
        };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_indexed_job_has_a_pod_for_each_shard_and_forgives_interruptions()
    {
        V1Job job = Read(Manifests(Plain with { Parallelism = 3, User = 1000, Group = 100, NodeLabels = ["zone=a"] }).Shards);
        Assert.Equal(("batch/v1", "Job", "stand-in"), (job.ApiVersion, job.Kind, job.Metadata.Name));
        V1JobSpec spec = job.Spec;
        Assert.Equal(("Indexed", 4, 3, 3), (spec.CompletionMode, spec.Completions, spec.Parallelism, spec.BackoffLimitPerIndex));
        Assert.Equal("Failed", spec.PodReplacementPolicy);
        Assert.Equal(["Ignore", "Ignore"], spec.PodFailurePolicy.Rules.Select(rule => rule.Action));
        Assert.Equal("DisruptionTarget", spec.PodFailurePolicy.Rules[0].OnPodConditions.Single().Type);
        V1PodFailurePolicyOnExitCodesRequirement code = spec.PodFailurePolicy.Rules[1].OnExitCodes;
        Assert.Equal(("shard", "In", 75), (code.ContainerName, code.OperatorProperty, code.Values.Single()));
        V1PodSpec pod = spec.Template.Spec;
        Assert.Equal(("Never", 120L, "a"), (pod.RestartPolicy, pod.TerminationGracePeriodSeconds, pod.NodeSelector["zone"]));
        Assert.Equal((1000L, 100L), (pod.SecurityContext.RunAsUser, pod.SecurityContext.FsGroup));
        Assert.Equal("study", pod.Volumes.Single().PersistentVolumeClaim.ClaimName);
        V1Container container = pod.Containers.Single();
        Assert.Equal("/data", container.VolumeMounts.Single().MountPath);
        Assert.Equal(("1", "96Mi"), (container.Resources.Requests["cpu"].ToString(), container.Resources.Limits["memory"].ToString()));
    }

    [Fact]
    public void The_merge_waits_by_itself()
    {
        V1Job job = Read(Manifests(Plain).Merge);
        Assert.Equal("stand-in-merge", job.Metadata.Name);
        Assert.Null(job.Spec.CompletionMode);
        Assert.Equal(["merge", "/data/runs/chi", "--accept-excluded", "--wait"], job.Spec.Template.Spec.Containers.Single().Args);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_Kubernetes_could_not_take_is_refused_in_a_sentence(KubernetesOptions options, string words)
    {
        string message = Assert.Throws<InputException>(() => Manifests(options)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pythia 14M, 24 heads!", "pythia-14m-24-heads")]
    [InlineData("---", "curie")]
    [InlineData("ünïcode", "n-code")]
    public void The_studys_name_becomes_one_of_Kubernetes(string name, string expected) =>
        Assert.Equal(expected, KubernetesName.Of(name, shards: 10));

    [Fact]
    public void A_long_name_leaves_room_for_the_index() =>
        Assert.True(KubernetesName.Of(new string('a', 200), shards: 1000).Length + "-999".Length <= 63);

    /// <summary>What a node would do: the image's entry point with the container's arguments, and the index that the job sets.</summary>
    [Fact]
    public void The_containers_command_runs_every_shard_and_then_the_merge()
    {
        StandInProgram program = new(Directory.CreateDirectory(_folder.File("a $(run) $$ %")).FullName, shards: 3, steps: 2, pause: 0);
        KubernetesManifests manifests = new(program.Job, Plain with { MountPath = _folder.Path });
        SubmissionRecord written = manifests.Write();
        Assert.Equivalent(written, SubmissionRecord.Read(program.Job.Folder), strict: true);
        V1Job shards = KubernetesYaml.Deserialize<V1Job>(
            File.ReadAllText(Path.Combine(program.Job.Folder, KubernetesManifests.ShardsFile)),
            strict: true
        );
        for (int index = 0; index < shards.Spec.Completions; index++)
        {
            Assert.Equal(0, RunContainer(program, shards, ("JOB_COMPLETION_INDEX", FormattableString.Invariant($"{index}"))));
        }

        Assert.Equal(0, RunContainer(program, Read(manifests.Merge)));
        Assert.Equal(program.Expected, program.Merged);
    }

    [Fact]
    public void The_image_starts_curie_and_passes_arguments_on()
    {
        string[] dockerfile = File.ReadAllLines(RepositoryFiles.Of("Dockerfile"));
        Assert.Contains("""ENTRYPOINT ["/app/curie"]""", dockerfile);
        Assert.DoesNotContain(dockerfile, line => line.StartsWith("CMD", StringComparison.Ordinal));
    }

    private static int RunContainer(StandInProgram program, V1Job job, params (string Name, string Value)[] variables)
    {
        V1Container container = job.Spec.Template.Spec.Containers.Single();
        Assert.Null(container.Command);
        ProcessStartInfo start = new(program.Job.Program[0], container.Args.Select(Expanded)) { WorkingDirectory = container.WorkingDir };
        foreach ((string name, string value) in container.Env.Select(variable => (variable.Name, variable.Value)).Concat(variables))
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>What Kubernetes makes of an argument in which no variable is named.</summary>
    private static string Expanded(string argument) => argument.Replace("$$", "$", StringComparison.Ordinal);

    private static V1Job Read(string text) => KubernetesYaml.Deserialize<V1Job>(text, strict: true);

    private KubernetesManifests Manifests(KubernetesOptions options)
    {
        ClusterJob job = new StandInProgram(_folder.Path, shards: 4, steps: 1, pause: 0).Job;
        return new KubernetesManifests(job with { Folder = "/data/runs/chi" }, options);
    }
}

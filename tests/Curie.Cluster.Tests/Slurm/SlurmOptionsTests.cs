using Curie.Cluster.Slurm;
using Curie.Numerics;

namespace Curie.Cluster.Tests.Slurm;

public sealed class SlurmOptionsTests
{
    private static readonly SlurmOptions Plain = new();

    public static TheoryData<SlurmOptions, string> Bad =>
        new()
        {
            { Plain with { Partition = "a b" }, "partition" },
            { Plain with { Account = "x\ny" }, "account" },
            { Plain with { Partition = "" }, "partition" },
            { Plain with { Time = TimeSpan.FromSeconds(5) }, "at least a minute" },
            { Plain with { Time = TimeSpan.FromMinutes(2) }, "to save its state" },
            { Plain with { Notice = TimeSpan.Zero }, "notice" },
            { Plain with { Cpus = 0 }, "cpus" },
            { Plain with { MemoryBytes = 1000 }, "1 MiB" },
            { Plain with { ArrayLimit = 0 }, "array limit" },
            { Plain with { Further = ["-p long"] }, "long option" },
            { Plain with { Further = ["--comment=a\nb"] }, "long option" },
            { Plain with { Further = ["--array=0-3"] }, "set by Curie" },
            { Plain with { Further = ["--requeue"] }, "set by Curie" },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_Slurm_could_not_take_is_refused_in_a_sentence(SlurmOptions options, string words)
    {
        string message = Assert.Throws<InputException>(options.Validate).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_options_of_a_cluster_are_taken()
    {
        SlurmOptions options = new()
        {
            Partition = "cpu,long",
            Account = "proj_1",
            Time = TimeSpan.FromHours(3),
            ArrayLimit = 8,
            Further = ["--qos=high", "--exclusive", "--comment=a \"b\" #c"],
        };
        options.Validate();
    }
}

using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Cluster.Slurm;

/// <summary>How Slurm is asked for the shards of a study. Nothing here changes a result.</summary>
public sealed partial record SlurmOptions
{
    private const string ByCurie =
        "array chdir clusters cpus-per-task dependency error input job-name mem nodes no-requeue ntasks open-mode "
        + "output parsable requeue signal time wait wrap";

    private static readonly string[] Own = ByCurie.Split(' ');

    /// <summary>The partition. Default null: the cluster's own default.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that pays. Default null: the user's own default.</summary>
    public string? Account { get; init; }

    /// <summary>The time limit of a shard. Default null: twice the plan's estimate, and at least half an hour.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The cores of a shard. Default null: those of the plan.</summary>
    public int? Cpus { get; init; }

    /// <summary>The memory of a shard, in bytes. Default null: that of the plan.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How many shards may run at a time. Default null: as many as the cluster lets.</summary>
    public int? ArrayLimit { get; init; }

    /// <summary>How long before the time limit a shard is told to save its state and to stop. Default 2 minutes.</summary>
    public TimeSpan Notice { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Further options of <c>sbatch</c> in their long form, as <c>--qos=long</c>, for shards and merge. Default none.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    /// <summary>The time limit of a shard of a job.</summary>
    public TimeSpan TimeOf(ClusterJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Time ?? Generous(job.Hours);
    }

    /// <summary>The time limit that an estimate is given: twice as much, and at least half an hour.</summary>
    internal static TimeSpan Generous(double hours) => TimeSpan.FromHours(Math.Max(0.5, 2 * hours));

    /// <summary>Checks everything that can be checked before <c>sbatch</c> is asked.</summary>
    /// <exception cref="InputException">A name, a number or an option is none that Slurm could take.</exception>
    public void Validate()
    {
        Check("partition", Partition);
        Check("account", Account);
        if (Time is { } time && time < TimeSpan.FromMinutes(1))
        {
            throw new InputException("the `time` of a shard must be at least a minute; raise it.");
        }

        if (Notice < TimeSpan.FromSeconds(1) || Notice > TimeSpan.FromSeconds(65_535))
        {
            throw new InputException("the notice before the time limit must be from 1 to 65535 seconds; change it.");
        }

        if (Time <= Notice)
        {
            string notice = FormattableString.Invariant($"{Notice.TotalSeconds:0} s");
            throw new InputException($"the `time` of a shard must be above the {notice} that it has to save its state; raise it.");
        }

        if (Cpus < 1)
        {
            throw new InputException("the `cpus` of a shard must be at least 1; raise them.");
        }

        if (MemoryBytes < 1 << 20)
        {
            throw new InputException("the memory of a shard must be at least 1 MiB; raise it.");
        }

        if (ArrayLimit < 1)
        {
            throw new InputException("at least 1 shard must be allowed to run at a time; raise the `array limit`.");
        }

        foreach (string option in Further)
        {
            CheckOption(option);
        }
    }

    private static void CheckOption(string option)
    {
        Match match = LongOption().Match(option);
        if (!match.Success || option.Any(char.IsControl))
        {
            throw new InputException($"the `sbatch option` {option} is no long option; write it with two hyphens, and its value after =.");
        }

        string name = match.Groups["name"].Value;
        if (Own.Contains(name))
        {
            throw new InputException($"the `sbatch option` --{name} is set by Curie itself; leave it out.");
        }
    }

    private static void Check(string what, string? name)
    {
        if (name is not null && !Name().IsMatch(name))
        {
            throw new InputException($"the `{what}` {name} is no name in Slurm; write letters, digits and any of . _ - , + @.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._,+@-]+\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^--(?<name>[a-z][a-z0-9-]*)(=(?<value>.*))?\z")]
    internal static partial Regex LongOption();
}

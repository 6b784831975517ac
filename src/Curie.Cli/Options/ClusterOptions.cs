using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cluster.Kubernetes;
using Curie.Cluster.Local;
using Curie.Cluster.Slurm;
using Curie.Numerics;
using Curie.Studies.Folders;

namespace Curie.Cli.Options;

/// <summary>The options by which shards are cut and placed.</summary>
internal sealed class ClusterOptions
{
    /// <summary>What a shard may take where nothing is said: room for a small model on every cluster.</summary>
    private const long DefaultMemory = 8L << 30;

    private const int DefaultCpus = 4;
    private static readonly string[] Engines = [SlurmEngine.Name, KubernetesManifests.Engine, LocalEngine.Name];

    private readonly Option<string> _folder = SharedOptions.Out("The study's folder, which every node must see at the same path.", "RUN");
    private readonly Option<int> _shards = new("--shards")
    {
        Description = "Into how many shards the study is cut; there may be fewer.",
        HelpName = "N",
        Required = true,
    };
    private readonly Option<string> _engine = new("--engine")
    {
        Description = $"What places the shards: {string.Join(", ", Engines)} (processes of this machine, for trying).",
        HelpName = "NAME",
        DefaultValueFactory = _ => SlurmEngine.Name,
    };
    private readonly Option<int?> _cpus = SamplingOverrides.Whole("--cpus", $"The cores of a shard; {DefaultCpus} by default.", 1);
    private readonly Option<long?> _memory = SharedOptions.Size("--memory", "The memory that a shard may take; 8G by default.");
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be submitted, and write nothing." };
    private readonly Option<string?> _name = new("--name")
    {
        Description = "What the study is called in the queue; curie by default.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _time = new("--time")
    {
        Description = "Slurm: the time limit of a shard, as in 12:00:00; twice the estimate, and at least half an hour, by default.",
        HelpName = "TIME",
    };
    private readonly Option<string?> _partition = new("--partition") { Description = "Slurm: the partition.", HelpName = "NAME" };
    private readonly Option<string?> _account = new("--account") { Description = "Slurm: the account that pays.", HelpName = "NAME" };
    private readonly Option<int?> _arrayLimit = SamplingOverrides.Whole("--array-limit", "How many shards may run at a time.", 1);
    private readonly Option<string[]> _further = new("--sbatch-option")
    {
        Description = "Slurm: a further option of sbatch in its long form, as in --sbatch-option=--qos=long; repeat it for several.",
        HelpName = "OPTION",
    };
    private readonly Option<string?> _image = new("--image") { Description = "Kubernetes: the container's image.", HelpName = "IMAGE" };
    private readonly Option<string?> _claim = new("--claim")
    {
        Description = "Kubernetes: the persistent volume claim that holds the study and all that it reads.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _mount = new("--mount")
    {
        Description = "Kubernetes: where the volume is mounted; /data by default.",
        HelpName = "PATH",
    };
    private readonly Option<string?> _namespace = new("--namespace") { Description = "Kubernetes: the namespace.", HelpName = "NAME" };
    private readonly Option<int?> _jobs = SamplingOverrides.Whole("--jobs", "Local: how many shards run at a time; 1 by default.", 1);
    private readonly Option<int?> _saveEvery = SamplingOverrides.Whole(
        "--save-every",
        "A shard saves its state after so many seconds, 20 by default; killed, it loses no more than that and one draw.",
        0
    );
    private readonly Option<bool> _resume = new("--resume") { Description = "Submit the shards of the study in --out that are not done." };
    private readonly Option<bool> _overwrite = SharedOptions.Overwrite();
    private readonly Option<bool> _takeOver = new("--take-over")
    {
        Description =
            "Let the study's folder, and every shard its own, be taken over from a process that has ended, where the file "
            + "system has no locks that would tell.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _folder,
            _shards,
            _engine,
            _cpus,
            _memory,
            _dryRun,
            _name,
            _time,
            _partition,
            _account,
            _arrayLimit,
            _further,
            _image,
            _claim,
            _mount,
            _namespace,
            _jobs,
            _saveEvery,
            _resume,
            _overwrite,
            _takeOver,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        _engine.AcceptOnlyFromAmong(Engines);
        _shards.Validators.Add(SharedOptions.AtLeast(1));
        command.Validators.Add(SharedOptions.RefuseBoth(_resume, _overwrite));
    }

    /// <summary>The study's folder.</summary>
    public string Folder(ParseResult parsed) => parsed.GetRequiredValue(_folder);

    /// <summary>The number of shards.</summary>
    public int Shards(ParseResult parsed) => parsed.GetValue(_shards);

    /// <summary>The engine's name.</summary>
    public string Engine(ParseResult parsed) => parsed.GetValue(_engine)!;

    /// <summary>The cores of a shard.</summary>
    public int Cpus(ParseResult parsed) => parsed.GetValue(_cpus) ?? DefaultCpus;

    /// <summary>The memory that a shard may take, in bytes.</summary>
    public long Memory(ParseResult parsed) => parsed.GetValue(_memory) ?? DefaultMemory;

    /// <summary>After how many seconds a shard saves its state; null for the default of <c>curie shard</c>.</summary>
    public int? SaveEvery(ParseResult parsed) => parsed.GetValue(_saveEvery);

    /// <summary>Whether nothing is to be written.</summary>
    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <summary>What the study is called in the queue.</summary>
    public string Name(ParseResult parsed) => parsed.GetValue(_name) ?? "curie";

    /// <summary>What to do with a study that is in the folder.</summary>
    public ExistingRun Existing(ParseResult parsed) => SharedOptions.Existing(parsed.GetValue(_resume), parsed.GetValue(_overwrite));

    /// <summary>Whether folders are taken over from processes that have ended.</summary>
    public bool TakeOver(ParseResult parsed) => parsed.GetValue(_takeOver);

    /// <summary>How Slurm is asked.</summary>
    /// <exception cref="InputException">The time is no duration.</exception>
    public SlurmOptions Slurm(ParseResult parsed) =>
        new()
        {
            Partition = parsed.GetValue(_partition),
            Account = parsed.GetValue(_account),
            Time = parsed.GetValue(_time) is { } time ? SlurmTime.Parse(time) : null,
            ArrayLimit = parsed.GetValue(_arrayLimit),
            Further = parsed.GetValue(_further) ?? [],
        };

    /// <summary>How Kubernetes is asked.</summary>
    /// <exception cref="InputException">The image or the claim is not given.</exception>
    public KubernetesOptions Kubernetes(ParseResult parsed) =>
        new()
        {
            Image = parsed.GetValue(_image) ?? throw new InputException("shards on Kubernetes run in a container; give --image."),
            Claim = parsed.GetValue(_claim)
                ?? throw new InputException(
                    "shards on Kubernetes share a volume that holds the study and all that it reads; give --claim."
                ),
            MountPath = parsed.GetValue(_mount) ?? "/data",
            Namespace = parsed.GetValue(_namespace),
            Parallelism = parsed.GetValue(_arrayLimit),
        };

    /// <summary>How shards run on this machine.</summary>
    public LocalOptions Local(ParseResult parsed) => new() { Jobs = parsed.GetValue(_jobs) ?? 1 };
}

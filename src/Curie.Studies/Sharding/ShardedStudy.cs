using System.Text.Json;
using Curie.Development.Attention;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>
/// A study that is cut into shards, each done by a process of its own, wherever that runs, and merged: the results have the bytes of one
/// process. What a shard does is in the <see cref="ShardPlan"/>; where it runs is decided by others.
/// </summary>
public abstract class ShardedStudy : IDisposable
{
    /// <summary>A study of a kind.</summary>
    /// <param name="options">Threads, memory, arithmetic.</param>
    /// <param name="threads">The threads that the configuration says.</param>
    private protected ShardedStudy(StudyOptions options, int threads)
    {
        Options = options;
        Threads = options.Threads ?? threads;
        Machine = options.CreateMachine(threads);
    }

    /// <summary>The kind, as <see cref="ShardPlan.Study"/> says.</summary>
    public abstract string Kind { get; }

    /// <summary>What was asked for, with absolute paths, as the plan keeps it.</summary>
    public abstract JsonElement Configuration { get; }

    /// <summary>The checkpoints, or checkpoints by data sets, in order.</summary>
    public abstract IReadOnlyList<PlannedUnit> Units { get; }

    /// <summary>The files that a merge may write, relative to the study's folder.</summary>
    public abstract IEnumerable<string> ResultFiles { get; }

    /// <summary>What one unit, uncut, takes; null where that is not known.</summary>
    public virtual SamplingPlan? PlanOfUnit() => null;

    /// <summary>
    /// How long that takes on some machine, by a trial of some tenths of a second for each kind of component; null where it cannot be
    /// tried.  </summary>
    /// <param name="machine">The arithmetic and the threads.</param>
    public virtual PlanTrial? TrialOfUnit(Machine machine) => null;

    /// <summary>The bytes of all files that the shards leave for the merge; 0 where they are not known.</summary>
    public virtual double ShardBytes => 0;

    /// <summary>What is kept of the heads' attention beside each run; null where nothing is.</summary>
    public virtual AttentionPlan? Attention => null;

    /// <summary>The memory that a merge takes, in bytes.</summary>
    public abstract long MergeBytes { get; }

    /// <summary>What computes; the study's own.</summary>
    public Machine Machine { get; }

    /// <summary>How it is run.</summary>
    private protected StudyOptions Options { get; }

    /// <summary>The threads that were asked for; 0 for all cores.</summary>
    private protected int Threads { get; }

    /// <summary>Opens the study that a plan is of.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">How often states are saved, and threads in place of the plan's.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the processor does not have the plan's vector width.</exception>
    public static ShardedStudy Open(ShardPlan plan, StudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        StudyOptions planned = options with
        {
            Kernels = Kernels.FromName(plan.Isa),
            Threads = options.Threads ?? plan.Threads,
            Memory = plan.Memory,
        };
        return plan.Study switch
        {
            SusceptibilityExperiment.StudyName => SusceptibilityShards.Of(plan, planned),
            CoefficientShards.StudyName => CoefficientShards.Of(plan, planned),
            ScoreShards.StudyName => ScoreShards.Of(plan, planned),
            RegressionEvaluationShards.StudyName => RegressionEvaluationShards.Of(plan, planned),
            _ => throw new InputException(
                $"a study of the kind {plan.Study} is not known to this version; use the version that submitted it."
            ),
        };
    }

    /// <summary>Cuts the study.</summary>
    /// <param name="shards">How many shards are wanted, at least 1; there may be fewer.</param>
    /// <exception cref="InputException">A shard needs more memory than is allowed, or a file cannot be read.</exception>
    public ShardPlan Plan(int shards) =>
        new()
        {
            Study = Kind,
            Configuration = Configuration,
            Versions = RunVersions.Of(Machine.Kernels),
            Isa = Kernels.NameOf(Machine.Kernels.Width),
            Threads = Threads,
            Memory = Options.Memory,
            Units = Units,
            Shards = Cut(shards),
        };

    /// <summary>Cuts the study into shards that take about equally long.</summary>
    private protected abstract IReadOnlyList<PlannedShard> Cut(int shards);

    /// <summary>The fingerprint of a unit as its files are now; those of other units are not read for it.</summary>
    private protected abstract string FingerprintOf(int unit);

    /// <summary>Refuses files that are not those that were planned.</summary>
    /// <exception cref="InputException">They are not, or cannot be read.</exception>
    internal void RequireUnchanged(ShardPlan plan, IEnumerable<int> units)
    {
        foreach (
            PlannedUnit unit in units.Where(unit => FingerprintOf(unit) != plan.Units[unit].Fingerprint).Select(unit => plan.Units[unit])
        )
        {
            throw new InputException(
                $"the model, data or settings{(unit.Name.Length > 0 ? $" of {unit.Name}" : "")} are not those that were submitted; "
                    + "restore the "
                    + "files, or submit the study again."
            );
        }
    }

    /// <summary>Does a shard's work on a unit, or continues it, into a file.</summary>
    internal abstract void Run(
        ShardPlan plan,
        int shard,
        PlannedWork work,
        string path,
        SavedStates states,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellation
    );

    /// <summary>Merges the shards' files into the results.</summary>
    internal abstract void Merge(
        ShardPlan plan,
        OutputFolder folder,
        Func<int, IReadOnlyList<string>> filesOf,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellation
    );

    /// <summary>Ends the threads, and lets go of what was read.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what a kind of study has read.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Machine.Dispose();
        }
    }
}

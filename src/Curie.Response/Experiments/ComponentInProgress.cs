using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;

namespace Curie.Response.Experiments;

/// <summary>
/// What one component gathers while a range of its chains is sampled, and the file from which a stopped run continues it.
/// </summary>
internal sealed class ComponentInProgress : IDisposable
{
    private readonly StateFile? _file;
    private readonly int _firstUnit;
    private readonly PairAccumulator[] _units;
    private readonly PairAccumulator[] _differences = [];
    private ComponentRunState? _state;

    /// <param name="component">The component.</param>
    /// <param name="range">The chains that are sampled.</param>
    /// <param name="context">The experiment.</param>
    /// <param name="company">What goes beside the chains.</param>
    /// <param name="file">Where it is saved; null for nowhere.</param>
    public ComponentInProgress(Component component, ChainRange range, ShareContext context, ComponentCompany company, StateFile? file)
    {
        Component = component;
        Company = company;
        Estimator = ExperimentDesign.EstimatorOf(company);
        _file = file;
        int chains = context.Whole.For(component).Sampling.ChainsPerUnit;
        _firstUnit = range.First / chains;
        _units = Start(range.Count / chains, context.Layout, context.Batches(component));
        if (company.LossFree is not null)
        {
            _differences = Start(_units.Length, context.Layout, context.DifferenceBatches(component, company));
        }

        bool hasFirst = range.First == 0;
        Gaussian = hasFirst && company.LossFree is not null ? new ComponentMoments(component.Name, context.Layout, Estimator) : null;
        OppositeCheck = hasFirst && company.Opposite is not null ? new OppositeCheck(context.Layout.Tokens) : null;
        PhiTrace = context.PhiTrace(component);
    }

    /// <summary>The bytes that a component of a run takes while it is sampled.</summary>
    public static long BytesFor(RunShape shape, bool hasLevels)
    {
        long unit = TokenAccumulator.BytesFor(shape.Tokens) + BatchRecord.BytesFor(shape.SampledTokens, shape.Batches);
        long levels = hasLevels ? (shape.Units * unit) + (GaussianLevel.Units * unit) + (2 * TokenMoments.BytesFor(shape.Tokens)) : 0;
        return (shape.Units * unit) + TokenMoments.BytesFor(shape.Tokens) + levels + (2L * sizeof(double) * shape.Tokens);
    }

    /// <summary>What is sampled.</summary>
    public Component Component { get; }

    /// <summary>What goes beside its chains.</summary>
    public ComponentCompany Company { get; }

    /// <summary>How the covariance is estimated.</summary>
    public CovarianceEstimator Estimator { get; }

    /// <summary>The localisation's Gaussian, once it is measured; null where levels are not, and without chain 0.</summary>
    public ComponentMoments? Gaussian { get; private set; }

    /// <summary>The check of the perturbation's size; null where there is no response, and without chain 0.</summary>
    public OppositeCheck? OppositeCheck { get; }

    /// <summary>
    /// φ of every chain at every draw, nats, NaN where there is none yet; null where φ is P − L0, which the chains' own trace says.
    /// </summary>
    public double[]? PhiTrace { get; }

    /// <summary>The sums so far of a pair of chains, or of a chain.</summary>
    public PairAccumulator Unit(int unit) => _units[unit - _firstUnit];

    /// <summary>The differences so far of a pair, or chain, to its twins that do not feel the loss.</summary>
    public PairAccumulator Difference(int unit) => _differences[unit - _firstUnit];

    /// <summary>Takes the localisation's Gaussian, unless an earlier run has measured it.</summary>
    public void TakeGaussian(ComponentMoments measured)
    {
        ComponentMoments unneeded = Gaussian!.Pairs > 0 ? measured : Gaussian;
        Gaussian = Gaussian.Pairs > 0 ? Gaussian : measured;
        unneeded.Dispose();
    }

    /// <summary>Reads back what an earlier run saved of this component in progress, if it did.</summary>
    /// <exception cref="InputException">The file is damaged or another run's.</exception>
    public void Restore() =>
        _state = _file?.ReadProgress(stream =>
        {
            ComponentRunState state = ComponentRunState.Read(stream);
            RestoreSums(stream);
            return state;
        });

    /// <summary>Puts the chains where they were when the component was saved.</summary>
    /// <exception cref="InputException">The state belongs to other settings.</exception>
    public void Continue(ComponentRun run)
    {
        if (_state is not null)
        {
            run.Restore(_state);
        }
    }

    /// <summary>Saves a component in progress, at a completed draw, if it has a file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(ComponentRun run) =>
        _file?.SaveProgress(stream =>
        {
            run.Save().Write(stream);
            SaveSums(stream);
        });

    /// <summary>The share of the healthy pairs after the last draw, saved if there is a file. The sums are these and not copies.</summary>
    /// <param name="run">The chains.</param>
    /// <param name="alignment">What gradients at w* predict; null where there is no prediction.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public ComponentShare Finish(ComponentRun run, float[]? alignment)
    {
        // A stopped chain takes its partner with it.
        int[] healthy =
        [
            .. Enumerable.Range(0, _units.Length).Where(place => run.IsHealthy((_firstUnit + place) * run.Options.ChainsPerUnit)),
        ];
        ComponentShare share = new()
        {
            Report = ComponentReport.Of(run),
            Perturbation = Company.Perturbation,
            Units = [.. healthy.Select(place => _units[place])],
            Differences = [.. healthy.Where(_ => _differences.Length > 0).Select(place => _differences[place])],
            PhiTrace = PhiTrace,
            Gaussian = Gaussian,
            OppositeCheck = OppositeCheck,
            Alignment = alignment,
        };
        _file?.SaveResult(share.Write);
        return share;
    }

    /// <summary>Disposes of the sums, also of those that a share has.</summary>
    public void Dispose()
    {
        Array.ForEach(_units, unit => unit.Dispose());
        Array.ForEach(_differences, unit => unit.Dispose());
        Gaussian?.Dispose();
    }

    private void SaveSums(Stream stream)
    {
        Array.ForEach(_units, unit => unit.Save(stream));
        Array.ForEach(_differences, unit => unit.Save(stream));
        Gaussian?.Save(stream);
        OppositeCheck?.Save(stream);
        StateStream.Write<double>(stream, PhiTrace);
    }

    private void RestoreSums(Stream stream)
    {
        Array.ForEach(_units, unit => unit.Restore(stream));
        Array.ForEach(_differences, unit => unit.Restore(stream));
        Gaussian?.Restore(stream);
        OppositeCheck?.Restore(stream);
        StateStream.Read<double>(stream, PhiTrace);
    }

    private PairAccumulator[] Start(int units, ProbeLayout layout, BatchPlan plan) =>
        [.. Enumerable.Range(0, units).Select(place => new PairAccumulator(layout, plan, _firstUnit + place))];
}

using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Coupling;

namespace Curie.Sampling.Chains;

/// <summary>
/// The chains of one component, all of them or a <see cref="ChainRange"/>. A <see cref="GroupRun"/> moves them draw by draw in lockstep:
/// before <see cref="Record"/> every healthy
/// chain
/// stands at the same draw, so that one evaluation can serve them all, and those of other components beside them.
/// </summary>
/// <remarks>
/// Memory: (chains × (1 + companions) + (1 + 2 × companions) × chains per pair + 1) × d floats; one more d per chain for a second moment or
/// a momentum, two or three
/// where the surface has no minibatches.
/// </remarks>
public sealed class ComponentRun : IDisposable
{
    /// <summary>
    /// A chain is stopped when P lies above the null line at this many consecutive draws (at all of them, where a run has fewer). Draws
    /// that close together are one excursion: with the default ε and γ a chain forgets its place in about 7 updates, so 10 in a row
    /// mean that the chain lives above the line, where it knows less than the uniform predictor.
    /// </summary>
    public const int NullLinePatience = 10;

    private const int UpdatesBetweenReports = 64;
    private readonly AlignedBuffer<float> _origin;
    private readonly AlignedBuffer<float>[] _gradients;
    private readonly CompanionGradients[][] _companionGradients;
    private readonly SampledChain?[] _chains;
    private readonly ChainFailure?[] _failures;
    private readonly double[][] _trace;
    private readonly double[][] _pull;
    private readonly double[][] _squaredDistance;
    private readonly double[][] _shadowDistance;
    private readonly int[] _drawsAboveNull;

    /// <summary>Starts every chain at w*.</summary>
    /// <param name="component">What is sampled.</param>
    /// <param name="options">How it is sampled.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="range">The chains that are sampled here; null for all. The others have neither weights nor draws.</param>
    /// <exception cref="InputException">An option is out of range, or L0 is not finite.</exception>
    public ComponentRun(SampledComponent component, SamplingOptions options, Machine machine, ChainRange? range = null)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Range = range ?? ChainRange.All(options);
        Range.Validate(options);
        if (!double.IsFinite(component.InitLoss))
        {
            throw new InitialLossException(
                $"the loss of {component.Name} at the checkpoint is {Text(component.InitLoss)}: check the weights and the evaluation rows.",
                component.InitLoss
            );
        }

        if (options.Sampler.NeedsExactLosses && component.Surface.UsesMinibatches)
        {
            throw new InputException(
                $"sampler {options.Sampler.Name} compares exact losses, and {component.Name} has only those of minibatches, whose noise "
                    + "would decide: take sgld, rmsprop-sgld or sgnht."
            );
        }

        Component = component;
        Options = options;
        _origin = new AlignedBuffer<float>(component.Surface.Dimension);
        _gradients = [.. Enumerable.Range(0, options.ChainsPerUnit).Select(_ => new AlignedBuffer<float>(component.Surface.Dimension))];
        _companionGradients =
        [
            .. _gradients.Select(_ =>
                component.Companions.Select(companion => new CompanionGradients(companion, component.Surface.Dimension)).ToArray()
            ),
        ];
        component.Surface.CopyOrigin(_origin.Span);
        _chains = new SampledChain?[options.Chains];
        _trace = new double[options.Chains][];
        _pull = new double[options.Chains][];
        _squaredDistance = new double[options.Chains][];
        _shadowDistance = new double[options.Chains][];
        _failures = new ChainFailure?[options.Chains];
        _drawsAboveNull = new int[options.Chains];
        for (int chain = 0; chain < options.Chains; chain++)
        {
            _chains[chain] = Range.Contains(chain) ? Start(chain, machine) : null;
            _trace[chain] = new double[options.Draws];
            _pull[chain] = new double[options.Draws];
            _squaredDistance[chain] = new double[options.Draws];
            Array.Fill(_trace[chain], double.NaN);
            Array.Fill(_pull[chain], double.NaN);
            Array.Fill(_squaredDistance[chain], double.NaN);
            _shadowDistance[chain] = new double[options.Draws];
            Array.Fill(_shadowDistance[chain], double.NaN);
        }
    }

    /// <summary>What is sampled.</summary>
    public SampledComponent Component { get; }

    /// <summary>How it is sampled.</summary>
    public SamplingOptions Options { get; }

    /// <summary>The chains that are sampled here.</summary>
    public ChainRange Range { get; }

    /// <summary>The draws recorded so far.</summary>
    public int CompletedDraws { get; private set; }

    /// <summary>Whether all draws are recorded, or no healthy chain is left.</summary>
    public bool Finished
    {
        get
        {
            bool anyHealthy = false;
            for (int chain = Range.First; chain < Range.End; chain++)
            {
                anyHealthy |= _failures[chain] is null;
            }

            return CompletedDraws == Options.Draws || !anyHealthy;
        }
    }

    /// <summary>P(w) per chain and draw; NaN where there is none: draws to come, and those of a stopped chain from its last on.</summary>
    public IReadOnlyList<double[]> Trace => _trace;

    /// <summary>
    /// The mean of ∇L_m(w)·(w − w*) over the updates to each draw, per chain and draw; those of burn-in are left out. NaN where P is.
    /// </summary>
    public IReadOnlyList<double[]> Pull => _pull;

    /// <summary>The mean of ‖w − w*‖² over the updates to each draw, as <see cref="Pull"/>.</summary>
    public IReadOnlyList<double[]> SquaredDistance => _squaredDistance;

    /// <summary>
    /// ‖w' − w‖/‖w − w*‖ of the first companion at each draw, per chain and draw; NaN where there is none, and where P is.
    /// </summary>
    public IReadOnlyList<double[]> ShadowDistance => _shadowDistance;

    /// <summary>The chains that were stopped, by chain.</summary>
    public IReadOnlyList<ChainFailure> Failures => [.. _failures.OfType<ChainFailure>()];

    /// <summary>Whether the chain is sampled here, and has not been stopped.</summary>
    public bool IsHealthy(int chain) => Range.Contains(chain) && _failures[chain] is null;

    /// <summary>The chain's restricted weights.</summary>
    public ReadOnlySpan<float> Weights(int chain) => Chain(chain).Weights;

    /// <summary>The weights of one of the chain's companions.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="place">The companion's place in <see cref="SampledComponent.Companions"/>; the chain must have it.</param>
    public ReadOnlySpan<float> Companion(int chain, int place) => Chain(chain).Companion(place);

    /// <summary>‖w − w*‖ of the chain; NaN if it is not sampled here.</summary>
    public double Distance(int chain) => _chains[chain]?.Distance() ?? double.NaN;

    /// <summary>The acceptance rate of the chain's steps after burn-in; null where it has none, or is not sampled here.</summary>
    public double? Acceptance(int chain) => _chains[chain]?.Acceptance;

    /// <summary>‖w*‖.</summary>
    public double OriginNorm => Math.Sqrt(_origin.Span.ToArray().Sum(w => (double)w * w));

    /// <summary>
    /// Whether the chain has updates to make before its next draw: burn_in + spacing before the first, spacing before the others.
    /// </summary>
    internal bool IsBetweenDraws(int chain) => !Finished && IsHealthy(chain) && Chain(chain).Step < Options.UpdatesAtDraw(CompletedDraws);

    /// <summary>The updates the chain has made.</summary>
    internal long Step(int chain) => Chain(chain).Step;

    /// <summary>The most points that one chain asks for gradients at.</summary>
    internal int PointsPerChain => 1 + Component.Companions.Count;

    /// <summary>Writes where the chain and its companions want gradients of the loss next.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="surface">The place of this component's surface in its group.</param>
    /// <param name="points">Receives the chain's own point first.</param>
    /// <returns>Their number.</returns>
    internal int LossPoints(int chain, int surface, Span<SurfacePoint> points) => Chain(chain).LossPoints(surface, points);

    /// <summary>Writes where the chain's companions want gradients of the observable next, as <see cref="LossPoints"/>.</summary>
    internal int ObservablePoints(int chain, int surface, Span<SurfacePoint> points) => Chain(chain).ObservablePoints(surface, points);

    /// <summary>
    /// Updates the chain and its companions by the gradients that their points received. If a minibatch's loss is NaN or infinite the
    /// weights stay as they
    /// are and the chain is stopped.
    /// </summary>
    internal void Update(int chain, ReadOnlySpan<double> minibatchLosses, IProgress<SamplingProgress>? progress)
    {
        double minibatchLoss = minibatchLosses[0];
        if (!IsHealthy(chain))
        {
            return;
        }

        SampledChain moved = Chain(chain);
        foreach (double loss in minibatchLosses)
        {
            if (!double.IsFinite(loss) && !moved.SurvivesInfiniteLoss)
            {
                Stop(moved, $"the minibatch loss is {Text(loss)}; lower step_size or nbeta");
                return;
            }
        }

        moved.Update(minibatchLoss);
        long step = moved.Step;
        if (progress is not null && (step % UpdatesBetweenReports == 0 || step == Options.UpdatesAtDraw(CompletedDraws)))
        {
            long updates = 0;
            for (int other = Range.First; other < Range.End; other++)
            {
                updates += Chain(other).Step;
            }

            progress.Report(
                new SamplingProgress(Component.Name, chain, CompletedDraws, updates, Range.Count * Options.UpdatesPerChain, minibatchLoss)
            );
        }
    }

    /// <summary>
    /// Completes the draw. A chain is stopped when its P is NaN or infinite, or has been above the null line for
    /// <see cref="NullLinePatience"/> draws.
    /// </summary>
    /// <param name="losses">P(w) of every chain; what stands in the places of stopped chains is ignored.</param>
    public void Record(ReadOnlySpan<double> losses)
    {
        if (losses.Length != _chains.Length || Finished)
        {
            throw new InvalidOperationException("One loss per chain completes one draw of a run that has draws left.");
        }

        for (int chain = 0; chain < _chains.Length; chain++)
        {
            if (!IsHealthy(chain))
            {
                continue;
            }

            double loss = losses[chain];
            SampledChain recorded = Chain(chain);
            _trace[chain][CompletedDraws] = loss;
            _shadowDistance[chain][CompletedDraws] = recorded.CompanionDistance();
            (_pull[chain][CompletedDraws], _squaredDistance[chain][CompletedDraws]) = recorded.TakeMeans();
            if (!double.IsFinite(loss))
            {
                Stop(recorded, $"the loss of the evaluation rows is {Text(loss)}; lower step_size or nbeta");
                continue;
            }

            _drawsAboveNull[chain] = loss > Component.NullLine ? _drawsAboveNull[chain] + 1 : 0;
            if (_drawsAboveNull[chain] >= Math.Min(NullLinePatience, Options.Draws))
            {
                Stop(
                    recorded,
                    $"its loss has been above the null line {Text(Component.NullLine!.Value)} for {_drawsAboveNull[chain]} draws in a "
                        + $"row, {Text(loss)} at the last; raise localization, or lower nbeta or step_size"
                );
            }
        }

        CompletedDraws++;
    }

    /// <summary>A copy of where the run's chains stand, at a completed draw.</summary>
    public ComponentRunState Save() =>
        new(
            Component.Name,
            Options,
            Component.InitLoss,
            CompletedDraws,
            Copy(_trace),
            Copy(_pull),
            Copy(_squaredDistance),
            Copy(_shadowDistance),
            [.. Chains.Select(chain => Chain(chain).Save())],
            Failures
        );

    /// <summary>Continues from <paramref name="state"/>; every later bit is what it would have been without the break.</summary>
    /// <exception cref="InputException">The state was saved by a run with other settings, another component or another L0.</exception>
    public void Restore(ComponentRunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (
            state.Component != Component.Name
            || state.Options != Options
            || BitConverter.DoubleToInt64Bits(state.InitLoss) != BitConverter.DoubleToInt64Bits(Component.InitLoss)
            || !state.Chains.Select(chain => chain.Chain).SequenceEqual(Chains)
            || state.Chains.Any(chain => chain.W.Length != Component.Surface.Dimension)
        )
        {
            throw new InputException(
                $"the saved state of {state.Component} does not belong to this run of {Component.Name}: its settings, data or model "
                    + "differ; resume with those of the first run, or start anew."
            );
        }

        for (int place = 0; place < state.Chains.Count; place++)
        {
            int chain = state.Chains[place].Chain;
            Chain(chain).Restore(state.Chains[place]);
            state.Trace[place].CopyTo(_trace[chain], 0);
            state.Pull[place].CopyTo(_pull[chain], 0);
            state.SquaredDistance[place].CopyTo(_squaredDistance[chain], 0);
            state.ShadowDistance[place].CopyTo(_shadowDistance[chain], 0);
            _drawsAboveNull[chain] = state
                .Trace[place]
                .Take(state.CompletedDraws)
                .Reverse()
                .TakeWhile(loss => loss > Component.NullLine)
                .Count();
            _failures[chain] = state.Failures.FirstOrDefault(failure => failure.Chain == chain);
        }

        CompletedDraws = state.CompletedDraws;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_chains, chain => chain?.Dispose());

        Array.ForEach(_companionGradients, gradients => Array.ForEach(gradients, gradient => gradient.Dispose()));
        Array.ForEach(_gradients, gradient => gradient.Dispose());
        _origin.Dispose();
    }

    private IEnumerable<int> Chains => Enumerable.Range(Range.First, Range.Count);

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private SampledChain Chain(int chain) =>
        _chains[chain] ?? throw new InvalidOperationException($"Chain {chain} of {Component.Name} is not sampled here.");

    private SampledChain Start(int chain, Machine machine)
    {
        int member = chain % Options.ChainsPerUnit;
        return new SampledChain(
            _origin,
            _gradients[member],
            Component.Surface.UsesMinibatches,
            Options,
            Component.Name,
            chain,
            Component.Companions,
            _companionGradients[member],
            machine
        );
    }

    private double[][] Copy(double[][] numbers) => [.. Chains.Select(chain => (double[])numbers[chain].Clone())];

    /// <summary>Stops a chain, and with it the other one of its pair, which is nothing without it.</summary>
    private void Stop(SampledChain chain, string reason)
    {
        _failures[chain.Chain] = new ChainFailure(Component.Name, chain.Chain, CompletedDraws, chain.Step, reason);
        int first = chain.Chain - (chain.Chain % Options.ChainsPerUnit);
        for (int other = first; other < first + Options.ChainsPerUnit; other++)
        {
            _failures[other] ??= new ChainFailure(
                Component.Name,
                other,
                CompletedDraws,
                Chain(other).Step,
                $"chain {chain.Chain}, its antithetic partner, was stopped"
            );
        }
    }
}

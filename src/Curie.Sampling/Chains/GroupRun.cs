using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Coupling;

namespace Curie.Sampling.Chains;

/// <summary>
/// Chains of several components, moved in lockstep: update by update, every component whose turn it is gets its gradients from one
/// call, since chain
/// c of every component sees the same minibatch, as do both chains of an antithetic pair and all their companions. Components that are
/// behind, as after a
/// resumed run, catch up first.
/// </summary>
public sealed class GroupRun : IDisposable
{
    private readonly ILossSurfaceGroup _group;
    private readonly ComponentRun[] _runs;
    private readonly SurfacePoint[] _points;
    private readonly double[] _minibatchLosses;
    private readonly Turn[] _turns;
    private readonly List<int> _active;

    /// <summary>Starts the chains of every component at w*.</summary>
    /// <param name="group">The components' losses.</param>
    /// <param name="components">The components, in the order of the group's surfaces.</param>
    /// <param name="options">How they are sampled.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="range">The chains that are sampled here, of every component; null for all.</param>
    /// <exception cref="InputException">An option is out of range, or an L0 is not finite.</exception>
    public GroupRun(
        ILossSurfaceGroup group,
        IReadOnlyList<SampledComponent> components,
        SamplingOptions options,
        Machine machine,
        ChainRange? range = null
    )
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentOutOfRangeException.ThrowIfNotEqual(components.Count, group.Surfaces.Count);
        _group = group;
        _runs = [.. components.Select(component => new ComponentRun(component, options, machine, range))];
        _points = new SurfacePoint[options.ChainsPerUnit * _runs.Sum(run => run.PointsPerChain)];
        _minibatchLosses = new double[_points.Length];
        _turns = new Turn[options.ChainsPerUnit * _runs.Length];
        _active = new List<int>(_runs.Length);
    }

    /// <summary>Starts every chain of a single component at w*.</summary>
    /// <exception cref="InputException">An option is out of range, or L0 is not finite.</exception>
    public static GroupRun Of(SampledComponent component, SamplingOptions options, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(component);
        return new GroupRun(new SeparateSurfaces([component.Surface]), [component], options, machine);
    }

    /// <summary>The components, in order.</summary>
    public IReadOnlyList<ComponentRun> Runs => _runs;

    /// <summary>Whether every component is finished.</summary>
    public bool Finished => Array.TrueForAll(_runs, run => run.Finished);

    /// <summary>
    /// Moves the components that have the fewest draws to their next one, all healthy chains of each.
    /// </summary>
    /// <returns>Those that stand at a draw now and are to be recorded, by their places; none if the last chains were stopped on the
    /// way.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two updates; the run continues from its last saved draw.</exception>
    public IReadOnlyList<int> AdvanceToNextDraw(IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Select();
        ChainRange range = _runs[0].Range;
        for (int first = range.First; _active.Count > 0 && first < range.End; first += _runs[0].Options.ChainsPerUnit)
        {
            Advance(first, progress, cancellation);
        }

        _active.RemoveAll(member => _runs[member].Finished);
        return _active;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_runs, run => run.Dispose());

    private void Select()
    {
        int fewest = int.MaxValue;
        foreach (ComponentRun run in _runs)
        {
            fewest = run.Finished ? fewest : Math.Min(fewest, run.CompletedDraws);
        }

        _active.Clear();
        for (int member = 0; member < _runs.Length; member++)
        {
            if (!_runs[member].Finished && _runs[member].CompletedDraws == fewest)
            {
                _active.Add(member);
            }
        }
    }

    /// <summary>Moves the pair that begins with a chain, or that chain alone, to the next draw.</summary>
    private void Advance(int first, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int turns = 0;
            int count = 0;
            foreach (int member in _active)
            {
                ComponentRun run = _runs[member];
                for (int chain = first; chain < first + run.Options.ChainsPerUnit; chain++)
                {
                    if (run.IsBetweenDraws(chain))
                    {
                        int points = run.LossPoints(chain, member, _points.AsSpan(count));
                        _turns[turns++] = new Turn(member, chain, count, points);
                        count += points;
                    }
                }
            }

            if (turns == 0)
            {
                return;
            }

            long step = _runs[_turns[0].Member].Step(_turns[0].Chain);
            _group.Gradients(first, step, _points.AsSpan(0, count), _minibatchLosses);
            ObservableGradients(first, step, turns);
            for (int i = 0; i < turns; i++)
            {
                Turn turn = _turns[i];
                _runs[turn.Member].Update(turn.Chain, _minibatchLosses.AsSpan(turn.First, turn.Points), progress);
            }
        }
    }

    private void ObservableGradients(int first, long step, int turns)
    {
        int count = 0;
        for (int i = 0; i < turns; i++)
        {
            count += _runs[_turns[i].Member].ObservablePoints(_turns[i].Chain, _turns[i].Member, _points.AsSpan(count));
        }

        if (count > 0)
        {
            ICoupledSurfaceGroup group =
                _group as ICoupledSurfaceGroup
                ?? throw new InvalidOperationException("Companions that are perturbed need surfaces with an observable.");
            group.ObservableGradients(first, step, _points.AsSpan(0, count));
        }
    }

    /// <summary>A chain whose turn it is.</summary>
    /// <param name="Member">Its component.</param>
    /// <param name="Chain">The chain.</param>
    /// <param name="First">Its first point.</param>
    /// <param name="Points">The number of its points.</param>
    private readonly record struct Turn(int Member, int Chain, int First, int Points);
}

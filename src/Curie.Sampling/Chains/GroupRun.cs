using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Chains;

/// <summary>
/// The chains of several components, moved in lockstep: update by update, every component whose turn it is gets its gradient from one call, since chain
/// c of every component sees the same minibatch. Components that are behind, as after a resumed run, catch up first.
/// </summary>
public sealed class GroupRun : IDisposable
{
    private readonly ILossSurfaceGroup _group;
    private readonly ComponentRun[] _runs;
    private readonly SurfacePoint[] _points;
    private readonly double[] _minibatchLosses;
    private readonly List<int> _active;

    /// <summary>Starts every chain of every component at w*.</summary>
    /// <param name="group">The components' losses.</param>
    /// <param name="components">The components, in the order of the group's surfaces.</param>
    /// <param name="options">How they are sampled.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="pool">The threads.</param>
    /// <exception cref="InputException">An option is out of range, or an L0 is not finite.</exception>
    public GroupRun(
        ILossSurfaceGroup group, IReadOnlyList<SampledComponent> components, SamplingOptions options, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentOutOfRangeException.ThrowIfNotEqual(components.Count, group.Surfaces.Count);
        _group = group;
        _runs = [.. components.Select(component => new ComponentRun(component, options, kernels, pool))];
        _points = new SurfacePoint[_runs.Length];
        _minibatchLosses = new double[_runs.Length];
        _active = new List<int>(_runs.Length);
    }

    /// <summary>Starts every chain of a single component at w*.</summary>
    /// <exception cref="InputException">An option is out of range, or L0 is not finite.</exception>
    public static GroupRun Of(SampledComponent component, SamplingOptions options, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(component);
        return new GroupRun(new SeparateSurfaces([component.Surface]), [component], options, kernels, pool);
    }

    /// <summary>The components, in order.</summary>
    public IReadOnlyList<ComponentRun> Runs => _runs;

    /// <summary>Whether every component is finished.</summary>
    public bool Finished => Array.TrueForAll(_runs, run => run.Finished);

    /// <summary>
    /// Moves the components that have the fewest draws to their next one, all healthy chains of each.
    /// </summary>
    /// <returns>Those that stand at a draw now and are to be recorded, by their places; none if the last chains were stopped on the way.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two updates; the run continues from its last saved draw.</exception>
    public IReadOnlyList<int> AdvanceToNextDraw(IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Select();
        for (int chain = 0; _active.Count > 0 && chain < _runs[_active[0]].Options.Chains; chain++)
        {
            Advance(chain, progress, cancellation);
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

    private void Advance(int chain, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = 0;
            foreach (int member in _active)
            {
                if (_runs[member].IsBetweenDraws(chain))
                {
                    _points[count++] = _runs[member].Point(chain, member);
                }
            }

            if (count == 0)
            {
                return;
            }

            long step = _runs[_points[0].Surface].Step(chain);
            _group.Gradients(chain, step, _points.AsSpan(0, count), _minibatchLosses);
            for (int i = 0; i < count; i++)
            {
                _runs[_points[i].Surface].Update(chain, _minibatchLosses[i], progress);
            }
        }
    }
}

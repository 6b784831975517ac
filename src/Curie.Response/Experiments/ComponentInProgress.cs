using Curie.Networks.Components;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Runs;
using Curie.Sampling.Chains;

namespace Curie.Response.Experiments;

/// <summary>What one component gathers while it is sampled, and the file from which a stopped run continues it.</summary>
internal sealed class ComponentInProgress : IDisposable
{
    private readonly ComponentStateFile _file;
    private ComponentRunState? _state;

    /// <param name="component">The component.</param>
    /// <param name="layout">The probes.</param>
    /// <param name="plan">Every chain's draws and their batches.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="file">Where it is saved.</param>
    public ComponentInProgress(Component component, ProbeLayout layout, BatchPlan plan, int chains, ComponentStateFile file)
    {
        Component = component;
        _file = file;
        Accumulators = [.. Enumerable.Range(0, chains).Select(chain => new PairAccumulator(layout, plan, chain))];
        Moments = new ComponentMoments(component.Name, layout);
    }

    /// <summary>The bytes that a component of a run takes while it is sampled.</summary>
    public static long BytesFor(RunShape shape) =>
        (shape.Chains * (TokenAccumulator.BytesFor(shape.Tokens) + BatchRecord.BytesFor(shape.SampledTokens, shape.Batches))) + TokenMoments.BytesFor(shape.Tokens);

    /// <summary>What is sampled.</summary>
    public Component Component { get; }

    /// <summary>The chains' sums so far.</summary>
    public PairAccumulator[] Accumulators { get; }

    /// <summary>The sums over healthy chains, once the component is finished.</summary>
    public ComponentMoments Moments { get; }

    /// <summary>Whether the sums over healthy chains are there.</summary>
    public bool Finished { get; private set; }

    /// <summary>Reads back what an earlier run saved of this component, if it did.</summary>
    /// <exception cref="Numerics.InputException">The file is damaged or another run's.</exception>
    public void Restore()
    {
        if (_file.Exists)
        {
            (_state, Finished) = _file.Restore(Accumulators, Moments);
        }
    }

    /// <summary>Puts the chains where they were when the component was saved.</summary>
    /// <exception cref="Numerics.InputException">The state belongs to other settings.</exception>
    public void Continue(ComponentRun run)
    {
        if (_state is not null)
        {
            run.Restore(_state);
        }
    }

    /// <summary>Saves a component in progress, at a completed draw.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    public void Save(ComponentRun run) => _file.Save(run, Accumulators);

    /// <summary>Adds up the healthy chains after the last draw, and saves that.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written, or a token's loss was not finite at some draw.</exception>
    public void Finish(ComponentRun run)
    {
        foreach (int chain in Enumerable.Range(0, Accumulators.Length).Where(run.IsHealthy))
        {
            Moments.Add(Accumulators[chain]);
        }

        Finished = true;
        _file.Save(run, Moments);
    }

    public void Dispose()
    {
        Array.ForEach(Accumulators, accumulator => accumulator.Dispose());
        Moments.Dispose();
    }
}

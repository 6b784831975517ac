using Curie.Numerics;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Chains;

/// <summary>Runs all chains of components from w* to the last draw.</summary>
public static class ChainRunner
{
    /// <summary>Samples one component, evaluates every draw with <paramref name="observer"/>, and reports.</summary>
    /// <param name="component">What is sampled.</param>
    /// <param name="options">How it is sampled.</param>
    /// <param name="observer">Evaluates the draws.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="controls">Progress, saving, resuming, stopping.</param>
    /// <exception cref="InputException">An option is out of range, or the state to resume from is another run's.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; nothing is lost of what was saved at the last draw.</exception>
    public static ComponentReport Run(
        SampledComponent component,
        SamplingOptions options,
        IDrawObserver observer,
        Machine machine,
        RunControls? controls = null
    )
    {
        ArgumentNullException.ThrowIfNull(observer);
        controls ??= new RunControls();
        using GroupRun group = GroupRun.Of(component, options, machine);
        if (controls.ResumeFrom is not null)
        {
            group.Runs[0].Restore(controls.ResumeFrom);
        }

        return Run(group, new SeparateDraws(observer), controls)[0];
    }

    /// <summary>Takes a group that was started or restored to its last draw.</summary>
    /// <param name="group">The components, which stay the caller's.</param>
    /// <param name="observer">Evaluates the draws; it stands at the same draws as the components.</param>
    /// <param name="controls">Progress, saving, stopping; its state to resume from is not looked at.</param>
    /// <returns>A report of every component, in order.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; nothing is lost of what was saved at the last draw.</exception>
    public static IReadOnlyList<ComponentReport> Run(GroupRun group, IGroupObserver observer, RunControls controls)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(controls);
        double[][] losses = [.. group.Runs.Select(run => new double[run.Options.Chains])];
        while (!group.Finished)
        {
            IReadOnlyList<int> members = group.AdvanceToNextDraw(controls.Progress, controls.Cancellation);
            observer.Observe(group.Runs, members, losses, controls.Cancellation);
            foreach (int member in members)
            {
                group.Runs[member].Record(losses[member]);
            }

            controls.DrawCompleted?.Invoke(group);
        }

        return [.. group.Runs.Select(ComponentReport.Of)];
    }
}

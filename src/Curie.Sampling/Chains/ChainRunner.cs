using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Chains;

/// <summary>Runs all chains of one component from w* to the last draw.</summary>
public static class ChainRunner
{
    /// <summary>Samples, evaluates every draw with <paramref name="observer"/>, and reports.</summary>
    /// <param name="component">What is sampled.</param>
    /// <param name="options">How it is sampled.</param>
    /// <param name="observer">Evaluates the draws.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="pool">The threads.</param>
    /// <param name="controls">Progress, saving, resuming, stopping.</param>
    /// <exception cref="InputException">An option is out of range, or the state to resume from is another run's.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; nothing is lost of what was saved at the last draw.</exception>
    public static ComponentReport Run(
        SampledComponent component,
        SamplingOptions options,
        IDrawObserver observer,
        Kernels kernels,
        WorkerPool pool,
        RunControls? controls = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        controls ??= new RunControls();
        using ComponentRun run = new(component, options, kernels, pool);
        if (controls.ResumeFrom is not null)
        {
            run.Restore(controls.ResumeFrom);
        }

        return Run(run, observer, controls);
    }

    /// <summary>Takes a run that was started or restored to its last draw.</summary>
    /// <param name="run">The run, which stays the caller's.</param>
    /// <param name="observer">Evaluates the draws; it stands at the same draw as the run.</param>
    /// <param name="controls">Progress, saving, stopping; its state to resume from is not looked at.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; nothing is lost of what was saved at the last draw.</exception>
    public static ComponentReport Run(ComponentRun run, IDrawObserver observer, RunControls controls)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(controls);
        double[] losses = new double[run.Options.Chains];
        while (!run.Finished)
        {
            run.AdvanceToNextDraw(controls.Progress, controls.Cancellation);
            if (!run.Finished)
            {
                observer.ObserveAll(run, losses, controls.Cancellation);
                run.Record(losses);
                controls.DrawCompleted?.Invoke(run);
            }
        }

        return ComponentReport.Of(run);
    }
}

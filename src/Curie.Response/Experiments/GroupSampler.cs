using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>Samples components that share a group and accumulates their responses; what is saved at a draw continues from there.</summary>
internal sealed class GroupSampler(
    SusceptibilityInputs inputs,
    IReadOnlyList<ProbeSelection> selections,
    ProbeLayout layout,
    InitialLosses initial,
    FrozenNetwork network,
    Kernels kernels,
    WorkerPool pool)
{
    /// <summary>Samples the components of a group, or reads back those that were finished before.</summary>
    /// <param name="planned">The group.</param>
    /// <param name="stateFolder">Where each component is saved.</param>
    /// <param name="resume">Continue what was saved.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="finished">Given every component in order, when all are finished; what it is given is disposed afterwards.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="InputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; its state is saved.</exception>
    public void Run(
        PlannedGroup planned,
        string stateFolder,
        bool resume,
        IProgress<SamplingProgress>? progress,
        Action<SampledMoments> finished,
        CancellationToken cancellation)
    {
        List<ComponentInProgress> components = [];
        try
        {
            BatchPlan plan = BatchPlan.ForDraws(inputs.Sampling.Draws, inputs.Sampling.Chains);
            foreach (Component component in planned.Components)
            {
                ComponentStateFile file = new(Path.Combine(stateFolder, component.Name + ".state"), inputs.Fingerprint);
                ComponentInProgress added = new(component, layout, plan, inputs.Sampling.Chains, file);
                components.Add(added);
                if (resume)
                {
                    added.Restore();
                }
            }

            using IRestrictedGroup group = RestrictedGroups.Create(network, planned.Components, inputs.Sampling.Chains);
            using NetworkSurfaces surfaces = new(
                group, inputs.Data, inputs.Order, inputs.BatchSize, inputs.Sampling.Chains, inputs.Sampling.Seed);
            SampledComponent[] sampled =
            [
                .. planned.Components.Select((component, place) =>
                    new SampledComponent(component.Name, surfaces.Surfaces[place], initial.Mean, NullLine(inputs.Model.Layout.Config))),
            ];
            using GroupRun run = new(surfaces, sampled, inputs.Sampling, kernels, pool);
            for (int place = 0; place < components.Count; place++)
            {
                components[place].Continue(run.Runs[place]);
            }

            if (!run.Finished)
            {
                Sample(group, run, components, planned.FrozenMemory, progress, cancellation);
            }

            for (int place = 0; place < components.Count; place++)
            {
                if (!components[place].Finished)
                {
                    components[place].Finish(run.Runs[place]);
                }

                finished(new SampledMoments(ComponentReport.Of(run.Runs[place]), components[place].Moments));
            }
        }
        finally
        {
            components.ForEach(component => component.Dispose());
        }
    }

    private static double NullLine(TransformerConfig config) => Math.Log(config.Vocabulary);

    private void Sample(
        IRestrictedGroup group,
        GroupRun run,
        IReadOnlyList<ComponentInProgress> components,
        long frozenMemory,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation)
    {
        int[] lossRows = [.. Enumerable.Range(0, inputs.LossRowCount)];
        using IFrozenRows evaluation = group.Freeze(inputs.Data, lossRows, null, frozenMemory);
        using ProbeLosses probes = new(group, selections, frozenMemory - evaluation.FrozenBytes);
        evaluation.UseSpareMemory(frozenMemory - evaluation.FrozenBytes - probes.FrozenBytes);
        probes.UseSpareMemory(frozenMemory - evaluation.FrozenBytes - probes.FrozenBytes);
        SusceptibilityObserver observer = new(
            group,
            new MeanLoss(evaluation, lossRows.Length, NetworkObserver.CapacityOf(group)),
            probes,
            [.. components.Select(component => component.Accumulators)],
            initial,
            pool);
        DateTime saved = DateTime.UtcNow;
        RunControls controls = new()
        {
            Progress = progress,
            Cancellation = cancellation,
            DrawCompleted = _ =>
            {
                if (DateTime.UtcNow - saved > inputs.SaveInterval || cancellation.IsCancellationRequested)
                {
                    Save(run, components);
                    saved = DateTime.UtcNow;
                }
            },
        };
        ChainRunner.Run(run, observer, controls);
    }

    private static void Save(GroupRun run, IReadOnlyList<ComponentInProgress> components)
    {
        for (int place = 0; place < components.Count; place++)
        {
            if (!components[place].Finished)
            {
                components[place].Save(run.Runs[place]);
            }
        }
    }
}

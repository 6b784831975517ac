using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Samples components that share a group and accumulates their responses; what is saved at a draw continues from there, if anything is
/// saved.
/// </summary>
internal sealed class GroupSampler(
    SusceptibilityInputs inputs,
    ExperimentDesign whole,
    IReadOnlyList<ProbeSelection> selections,
    ProbeLayout layout,
    ObservedTokens? observed,
    InitialLosses initial,
    FrozenNetwork network,
    Machine machine
)
{
    /// <summary>Samples the components of a group, or reads back those that were finished before.</summary>
    /// <param name="planned">The group.</param>
    /// <param name="stateFolder">Where each component is saved; null for nowhere.</param>
    /// <param name="resume">Continue what was saved.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="finished">Given every component in order, when all are finished; what it is given is disposed afterwards.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="InputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; its state is saved, where there is a folder for it.</exception>
    public void Run(
        PlannedGroup planned,
        string? stateFolder,
        bool resume,
        IProgress<SamplingProgress>? progress,
        Action<SampledMoments> finished,
        CancellationToken cancellation
    )
    {
        List<ComponentInProgress> components = [];
        ExperimentDesign design = whole.For(planned.Components[0]);
        ChainCompany company = inputs.CompanyOf(planned.Components[0], design);
        using IRestrictedGroup group = RestrictedGroups.Create(
            network,
            planned.Components,
            company.LossSlots(design.Sampling),
            company.GradientSlots(design.Sampling)
        );
        using NetworkSurfaces surfaces = Surfaces(group, design);
        try
        {
            for (int place = 0; place < planned.Components.Count; place++)
            {
                Component component = planned.Components[place];
                ComponentCompany beside = new(
                    inputs.HasResponse(component, design) ? surfaces.Perturbations[place] : null,
                    design.HasLevels,
                    component.IsFull ? whole.FullDrawFactor : 1
                );
                ComponentStateFile? file = stateFolder is null
                    ? null
                    : new(Path.Combine(stateFolder, component.Name + ".state"), inputs.Fingerprint);
                components.Add(new ComponentInProgress(component, layout, design, beside, observesLoss: observed is null, file));
                if (resume)
                {
                    components[^1].Restore();
                }
            }

            IReadOnlyList<float[]>? alignments = new GradientAlignment(inputs, selections, observed).Predict(
                group,
                planned.FrozenMemory,
                cancellation
            );
            SampledComponent[] sampled =
            [
                .. planned.Components.Select(
                    (component, place) =>
                        new SampledComponent(component.Name, surfaces.Surfaces[place], initial.Mean, NullLine(inputs.Model.Layout.Config))
                        {
                            Companions = components[place].Company.Companions,
                        }
                ),
            ];
            using GroupRun run = new(surfaces, sampled, design.Sampling, machine);
            for (int place = 0; place < components.Count; place++)
            {
                components[place].Continue(run.Runs[place]);
            }

            if (!run.Finished)
            {
                Sample(group, surfaces, design, run, components, planned.FrozenMemory, progress, cancellation);
            }

            for (int place = 0; place < components.Count; place++)
            {
                if (!components[place].Finished)
                {
                    components[place].Finish(run.Runs[place]);
                }

                finished(SampledMoments.Of(ComponentReport.Of(run.Runs[place]), components[place]) with { Alignment = alignments?[place] });
            }
        }
        finally
        {
            components.ForEach(component => component.Dispose());
        }
    }

    private static double NullLine(TransformerConfig config) => Math.Log(config.Logits);

    private NetworkSurfaces Surfaces(IRestrictedGroup group, ExperimentDesign design)
    {
        SamplingOptions sampling = design.Sampling;
        if (group.Components.All(component => !inputs.HasResponse(component, design)))
        {
            return new NetworkSurfaces(group, inputs.Data, inputs.Order, inputs.BatchSize, sampling.Chains, sampling.Seed)
            {
                Weights = inputs.MinibatchWeights,
            };
        }

        double level = observed?.InitialMean(initial.Tokens) ?? initial.Mean;
        return new NetworkSurfaces(
            group,
            inputs.Data,
            inputs.Order,
            inputs.BatchSize,
            sampling,
            inputs.ObservableRows(observed, design.ObservableRows),
            machine.Kernels,
            level,
            inputs.PerturbationStrength
        )
        {
            Weights = inputs.MinibatchWeights,
        };
    }

    private void Sample(
        IRestrictedGroup group,
        NetworkSurfaces surfaces,
        ExperimentDesign design,
        GroupRun run,
        List<ComponentInProgress> components,
        long frozenMemory,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        int[] lossRows = [.. Enumerable.Range(0, inputs.LossRowCount)];
        using MeanLoss meanLoss = new(
            group,
            inputs.Data,
            lossRows,
            NetworkObserver.CapacityOf(group),
            frozenMemory,
            inputs.CountedPositions
        );
        using ProbeLosses probes = new(group, selections, frozenMemory - meanLoss.FrozenBytes);
        meanLoss.UseSpareMemory(frozenMemory - meanLoss.FrozenBytes - probes.FrozenBytes);
        probes.UseSpareMemory(frozenMemory - meanLoss.FrozenBytes - probes.FrozenBytes);
        MeasureGaussian(group, surfaces, design, meanLoss, probes, components, cancellation);
        SusceptibilityObserver observer = new(group, meanLoss, probes, components, design.Sampling, initial, observed, machine.Pool);
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

    /// <summary>
    /// The first level, of components that an earlier run has not measured; all together, so that what is frozen is shared.
    /// </summary>
    private void MeasureGaussian(
        IRestrictedGroup group,
        NetworkSurfaces surfaces,
        ExperimentDesign design,
        MeanLoss meanLoss,
        ProbeLosses probes,
        List<ComponentInProgress> components,
        CancellationToken cancellation
    )
    {
        if (!design.HasLevels || components.All(component => component.Gaussian!.Pairs > 0))
        {
            return;
        }

        Perturbation?[] perturbations = [.. components.Select(component => component.Company.Perturbation)];
        using GaussianLevel level = new(
            group,
            meanLoss,
            probes,
            initial,
            observed,
            design.Sampling,
            surfaces.Perturbations.Count > 0 ? surfaces : null,
            perturbations,
            machine
        );
        ComponentMoments[] moments =
        [
            .. components.Select(component => new ComponentMoments(component.Component.Name, layout, component.Moments.Estimator)),
        ];
        level.Measure(moments, inputs.GaussianPairs, batches: 1, traces: null, progress: null, cancellation);
        for (int place = 0; place < components.Count; place++)
        {
            components[place].TakeGaussian(moments[place]);
        }
    }

    private static void Save(GroupRun run, List<ComponentInProgress> components)
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

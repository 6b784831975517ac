using System.Diagnostics;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Samples components that share a group, a range of the chains of each, and accumulates their responses; what is saved at a draw continues
/// from there, if anything is saved.
/// </summary>
internal sealed class GroupSampler(
    SusceptibilityInputs inputs,
    ShareContext context,
    IReadOnlyList<ProbeSelection> selections,
    ObservedTokens? observed,
    InitialLosses initial,
    FrozenNetwork network,
    Machine machine
)
{
    /// <summary>Samples the components of a group, or reads back those that were finished before.</summary>
    /// <param name="planned">The group.</param>
    /// <param name="states">Where each component is saved; null for nowhere.</param>
    /// <param name="resume">Continue what was saved.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="finished">Given the share of every component in order, when all are finished; it is disposed afterwards.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="InputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; its state is saved, where there is a folder for it.</exception>
    public void Run(
        PlannedGroup planned,
        SavedStates? states,
        bool resume,
        IProgress<SamplingProgress>? progress,
        Action<Component, ComponentShare> finished,
        CancellationToken cancellation
    )
    {
        Dictionary<string, ComponentShare> shares = [];
        try
        {
            foreach (Component component in planned.Components)
            {
                if (
                    resume
                    && FileOf(states, component, planned.Chains)?.ReadResult(stream => ComponentShare.Read(stream, component, context))
                        is { } share
                )
                {
                    shares.Add(component.Name, share);
                }
            }

            Component[] left = [.. planned.Components.Where(component => !shares.ContainsKey(component.Name))];
            if (left.Length > 0)
            {
                Sample(planned with { Components = left }, states, resume, progress, shares, Deliver, cancellation);
            }
            else
            {
                Deliver();
            }
        }
        finally
        {
            foreach (ComponentShare share in shares.Values)
            {
                share.Dispose();
            }
        }

        void Deliver()
        {
            foreach (Component component in planned.Components)
            {
                finished(component, shares[component.Name]);
            }
        }
    }

    private StateFile? FileOf(SavedStates? states, Component component, ChainRange range) =>
        states?.FileOf(component, range, context.Whole.Sampling);

    private void Sample(
        PlannedGroup planned,
        SavedStates? states,
        bool resume,
        IProgress<SamplingProgress>? progress,
        Dictionary<string, ComponentShare> shares,
        Action deliver,
        CancellationToken cancellation
    )
    {
        List<ComponentInProgress> components = [];
        ExperimentDesign design = context.Whole.For(planned.Components[0]);
        ChainCompany company = inputs.CompanyOf(planned.Components[0], design);
        SamplingOptions sampled = planned.Chains.Of(design.Sampling);
        using IRestrictedGroup group = RestrictedGroups.Create(
            network,
            planned.Components,
            company.LossSlots(sampled),
            company.GradientSlots(sampled)
        );
        using NetworkSurfaces surfaces = Surfaces(group, design);
        try
        {
            for (int place = 0; place < planned.Components.Count; place++)
            {
                Component component = planned.Components[place];
                ComponentCompany beside = context.CompanyOf(
                    component,
                    inputs.HasResponse(component, design) ? surfaces.Perturbations[place] : null
                );
                StateFile? file = FileOf(states, component, planned.Chains);
                components.Add(new ComponentInProgress(component, planned.Chains, context, beside, file));
                if (resume)
                {
                    components[^1].Restore();
                }
            }

            IReadOnlyList<float[]>? alignments =
                planned.Chains.First == 0
                    ? new GradientAlignment(inputs, selections, observed).Predict(group, planned.FrozenMemory, cancellation)
                    : null;
            using GroupRun run = new(surfaces, Sampled(surfaces, components), design.Sampling, machine, planned.Chains);
            for (int place = 0; place < components.Count; place++)
            {
                components[place].Continue(run.Runs[place]);
            }

            if (!run.Finished)
            {
                Sample(group, surfaces, design, run, components, planned.FrozenMemory, states?.Interval, progress, cancellation);
            }

            for (int place = 0; place < components.Count; place++)
            {
                shares.Add(components[place].Component.Name, components[place].Finish(run.Runs[place], alignments?[place]));
            }

            deliver();
        }
        finally
        {
            components.ForEach(component => component.Dispose());
        }
    }

    /// <summary>Draws the components of a group directly from the localisation's Gaussian, or reads back what was drawn before.</summary>
    /// <param name="planned">The group.</param>
    /// <param name="shape">The sizes of the result.</param>
    /// <param name="states">Where each component is saved when its group is done.</param>
    /// <param name="progress">Told how many pairs of every component have been drawn.</param>
    /// <param name="finished">Given the sums and the traces of every component in order; the sums are disposed afterwards.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    /// <exception cref="InputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void MeasureControl(
        PlannedGroup planned,
        RunShape shape,
        SavedStates states,
        IProgress<int> progress,
        Action<Component, ComponentMoments, double[][]> finished,
        CancellationToken cancellation
    )
    {
        ExperimentDesign design = context.Whole.For(planned.Components[0]);
        ComponentMoments[] moments =
        [
            .. planned.Components.Select(component => new ComponentMoments(
                component.Name,
                context.Layout,
                inputs.HasResponse(component, design) ? CovarianceEstimator.Response : CovarianceEstimator.Product
            )),
        ];
        double[][][] traces =
        [
            .. planned.Components.Select(_ => Enumerable.Range(0, shape.Chains).Select(_ => new double[shape.Draws]).ToArray()),
        ];
        StateFile[] files = [.. planned.Components.Select(component => states.FileOf(component, planned.Chains, design.Sampling))];
        try
        {
            bool isDone = true;
            for (int place = 0; place < files.Length; place++)
            {
                (ComponentMoments sums, double[][] trace) = (moments[place], traces[place]);
                isDone &= files[place].ReadResult(stream => Restore(stream, sums, trace)) is not null;
            }

            if (!isDone)
            {
                Draw(planned, design, shape, moments, traces, progress, cancellation);
            }

            for (int place = 0; place < files.Length; place++)
            {
                int one = place;
                files[place].SaveResult(stream => Save(stream, moments[one], traces[one]));
                finished(planned.Components[place], moments[place], traces[place]);
            }
        }
        finally
        {
            Array.ForEach(moments, one => one.Dispose());
        }
    }

    private void Draw(
        PlannedGroup planned,
        ExperimentDesign design,
        RunShape shape,
        ComponentMoments[] moments,
        double[][][] traces,
        IProgress<int> progress,
        CancellationToken cancellation
    )
    {
        ChainCompany company = inputs.CompanyOf(planned.Components[0], design);
        SamplingOptions sampled = planned.Chains.Of(design.Sampling);
        using IRestrictedGroup group = RestrictedGroups.Create(
            network,
            planned.Components,
            company.LossSlots(sampled),
            company.GradientSlots(sampled)
        );
        using NetworkSurfaces surfaces = Surfaces(group, design);
        using MeanLoss meanLoss = MeanLossOf(group, planned.FrozenMemory);
        using ProbeLosses probes = ProbesOf(group, meanLoss, planned.FrozenMemory);
        using GaussianLevel level = new(
            group,
            meanLoss,
            probes,
            initial,
            observed,
            design.Sampling,
            surfaces.Perturbations.Count > 0 ? surfaces : null,
            [
                .. planned.Components.Select(
                    (component, place) => inputs.HasResponse(component, design) ? surfaces.Perturbations[place] : null
                ),
            ],
            machine
        );
        level.Measure(moments, shape.Units * shape.Draws, shape.Batches, traces, progress, cancellation);
    }

    private static ComponentMoments Restore(Stream stream, ComponentMoments moments, double[][] traces)
    {
        moments.Restore(stream);
        Array.ForEach(traces, trace => StateStream.Read<double>(stream, trace));
        return moments;
    }

    private static void Save(Stream stream, ComponentMoments moments, double[][] traces)
    {
        moments.Save(stream);
        Array.ForEach(traces, trace => StateStream.WriteValues(stream, trace));
    }

    private MeanLoss MeanLossOf(IRestrictedGroup group, long frozenMemory) =>
        new(group, inputs.Data, inputs.LossRowIndices, NetworkObserver.CapacityOf(group), frozenMemory, inputs.CountedPositions);

    private ProbeLosses ProbesOf(IRestrictedGroup group, MeanLoss meanLoss, long frozenMemory)
    {
        ProbeLosses probes = new(group, selections, frozenMemory - meanLoss.FrozenBytes);
        meanLoss.UseSpareMemory(frozenMemory - meanLoss.FrozenBytes - probes.FrozenBytes);
        probes.UseSpareMemory(frozenMemory - meanLoss.FrozenBytes - probes.FrozenBytes);
        return probes;
    }

    private SampledComponent[] Sampled(NetworkSurfaces surfaces, List<ComponentInProgress> components) =>
        [
            .. components.Select(
                (component, place) =>
                    new SampledComponent(
                        component.Component.Name,
                        surfaces.Surfaces[place],
                        initial.Mean,
                        NullLine(inputs.Model.Layout.Config)
                    )
                    {
                        Companions = component.Company.Companions,
                    }
            ),
        ];

    private static double NullLine(TransformerConfig config) => Math.Log(config.Logits);

    private NetworkSurfaces Surfaces(IRestrictedGroup group, ExperimentDesign design)
    {
        SamplingOptions sampling = design.Sampling;
        if (group.Components.All(component => !inputs.HasResponse(component, design)))
        {
            return new NetworkSurfaces(group, inputs.Data, inputs.Order, inputs.BatchSize, sampling.Chains, sampling.ChainSeed)
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
        TimeSpan? saveInterval,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        using MeanLoss meanLoss = MeanLossOf(group, frozenMemory);
        using ProbeLosses probes = ProbesOf(group, meanLoss, frozenMemory);
        if (MeasureGaussian(group, surfaces, design, meanLoss, probes, components, cancellation))
        {
            Save(run, components);
        }

        SusceptibilityObserver observer = new(group, meanLoss, probes, components, design.Sampling, initial, observed, machine.Pool);
        Stopwatch sinceSave = Stopwatch.StartNew();
        RunControls controls = new()
        {
            Progress = progress,
            Cancellation = cancellation,
            DrawCompleted = _ =>
            {
                if (sinceSave.Elapsed > saveInterval || cancellation.IsCancellationRequested)
                {
                    Save(run, components);
                    sinceSave.Restart();
                }
            },
        };
        ChainRunner.Run(run, observer, controls);
    }

    /// <summary>
    /// The first level, of components that an earlier run has not measured; all together, so that what is frozen is shared.
    /// </summary>
    /// <returns>Whether anything was measured.</returns>
    private bool MeasureGaussian(
        IRestrictedGroup group,
        NetworkSurfaces surfaces,
        ExperimentDesign design,
        MeanLoss meanLoss,
        ProbeLosses probes,
        List<ComponentInProgress> components,
        CancellationToken cancellation
    )
    {
        if (components.All(component => component.Gaussian is null or { Pairs: > 0 }))
        {
            return false;
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
            .. components.Select(component => new ComponentMoments(component.Component.Name, context.Layout, component.Estimator)),
        ];
        level.Measure(moments, inputs.GaussianPairs, batches: 1, traces: null, progress: null, cancellation);
        for (int place = 0; place < components.Count; place++)
        {
            components[place].TakeGaussian(moments[place]);
        }

        return true;
    }

    private static void Save(GroupRun run, List<ComponentInProgress> components)
    {
        for (int place = 0; place < components.Count; place++)
        {
            components[place].Save(run.Runs[place]);
        }
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>Samples one component after another and accumulates its response; what is saved at a draw continues from there.</summary>
internal sealed class ComponentSampler(
    SusceptibilityInputs inputs,
    IReadOnlyList<ProbeSelection> selections,
    ProbeLayout layout,
    InitialLosses initial,
    TransformerEvaluator evaluator,
    Kernels kernels,
    WorkerPool pool)
{
    /// <summary>Samples a component, or reads it back if it was finished before.</summary>
    /// <exception cref="InputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; its state is saved.</exception>
    public SampledMoments Run(Component component, string stateFolder, bool resume, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        ComponentStateFile file = new(Path.Combine(stateFolder, component.Name + ".state"), inputs.Fingerprint);
        BatchPlan plan = BatchPlan.ForDraws(inputs.Sampling.Draws, inputs.Sampling.Chains);
        ChainAccumulator[] accumulators = [.. Enumerable.Range(0, inputs.Sampling.Chains).Select(_ => new ChainAccumulator(layout, plan))];
        ComponentMoments moments = new(component.Name, layout);
        try
        {
            using RestrictedNetwork network = new(inputs.Model, component, kernels, pool, inputs.Sampling.Chains);
            SampledComponent sampled = new(component.Name, Surface(network), initial.Mean, NullLine(inputs.Model.Layout.Config));
            using GroupRun group = GroupRun.Of(sampled, inputs.Sampling, kernels, pool);
            ComponentRun run = group.Runs[0];
            bool finished = false;
            if (resume && file.Exists)
            {
                (ComponentRunState state, finished) = file.Restore(accumulators, moments);
                run.Restore(state);
            }

            if (!finished)
            {
                Sample(network, group, accumulators, file, progress, cancellation);
                foreach (int chain in Enumerable.Range(0, accumulators.Length).Where(run.IsHealthy))
                {
                    moments.Add(accumulators[chain]);
                }

                file.Save(run, moments);
            }

            return new SampledMoments(ComponentReport.Of(run), moments);
        }
        catch
        {
            moments.Dispose();
            throw;
        }
        finally
        {
            Array.ForEach(accumulators, accumulator => accumulator.Dispose());
        }
    }

    private static double NullLine(TransformerConfig config) => Math.Log(config.Vocabulary);

    private NetworkLossSurface Surface(RestrictedNetwork network) =>
        new(network, evaluator, inputs.Data, inputs.Order, inputs.BatchSize, inputs.Sampling.Chains, inputs.Sampling.Seed);

    private void Sample(
        RestrictedNetwork network,
        GroupRun group,
        ChainAccumulator[] accumulators,
        ComponentStateFile file,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation)
    {
        int[] lossRows = [.. Enumerable.Range(0, inputs.LossRowCount)];
        using EvaluationRows evaluation = new(evaluator, network, inputs.Data, lossRows, inputs.FrozenMemory);
        using ProbeLosses probes = new(evaluator, network, selections, inputs.FrozenMemory - evaluation.FrozenBytes);
        evaluation.UseSpareMemory(inputs.FrozenMemory - evaluation.FrozenBytes - probes.FrozenBytes);
        probes.UseSpareMemory(inputs.FrozenMemory - evaluation.FrozenBytes - probes.FrozenBytes);
        SusceptibilityObserver observer = new(network, new MeanLoss(evaluation, network.Slots), probes, accumulators, initial, pool);
        DateTime saved = DateTime.UtcNow;
        RunControls controls = new()
        {
            Progress = progress,
            Cancellation = cancellation,
            DrawCompleted = current =>
            {
                if (DateTime.UtcNow - saved > inputs.SaveInterval || cancellation.IsCancellationRequested)
                {
                    file.Save(current.Runs[0], accumulators);
                    saved = DateTime.UtcNow;
                }
            },
        };
        ChainRunner.Run(group, observer, controls);
    }
}

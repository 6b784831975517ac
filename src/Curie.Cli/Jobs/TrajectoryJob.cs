using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Development.Trajectories;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Cli.Jobs;

/// <summary>Computes the logits of true next tokens at every checkpoint of a training run, and their essential dynamics.</summary>
internal static class TrajectoryJob
{
    /// <summary>How many logits are followed unless told otherwise, as in the published work.</summary>
    public const int DefaultOutputs = 10_000;

    /// <summary>Runs it.</summary>
    /// <exception cref="InputException">There are too few checkpoints, they differ in architecture, or the rows do not fit the model.</exception>
    public static EssentialDynamics Run(
        Session session, string run, string data, int outputs, int threads, long seed, EssentialDynamicsOptions options)
    {
        if (outputs < options.Components)
        {
            throw new InputException($"--outputs must be {options.Components} or more, one for each component.");
        }

        IReadOnlyList<Checkpoint> checkpoints = CheckpointSelection.Find([run]);
        if (checkpoints.Count < EssentialDynamics.FewestCheckpoints)
        {
            throw new InputException(
                $"{run} has {checkpoints.Count} checkpoints and essential dynamics needs at least {EssentialDynamics.FewestCheckpoints}; keep more in training.");
        }

        TransformerConfig config = ModelConfigFile.Read(Path.Combine(checkpoints[0].Folder, ModelFolder.ConfigName));
        using TokenRows rows = TokenRows.Load(data, config.Vocabulary, config.ContextLength);
        TargetLogits logits = new(rows, outputs, seed);
        session.Say($"Computing {logits.Count} logits of true next tokens at {checkpoints.Count} checkpoints of {run}.");
        Kernels kernels = Kernels.FromEnvironment();
        using WorkerPool pool = new(threads);
        double[][] followed = WorkProgress.Run(session, "evaluating", "checkpoints", checkpoints.Count, progress => checkpoints.Select(checkpoint =>
        {
            session.Cancellation.ThrowIfCancellationRequested();
            double[] values = Outputs(checkpoint, config, logits, kernels, pool);
            progress.Advance(1);
            return values;
        }).ToArray());
        return EssentialDynamics.Of([.. checkpoints.Select(checkpoint => (double)checkpoint.Step)], followed, options);
    }

    private static double[] Outputs(Checkpoint checkpoint, TransformerConfig config, TargetLogits logits, Kernels kernels, WorkerPool pool)
    {
        using ParameterSet parameters = ModelFolder.Load(checkpoint.Folder);
        if (parameters.Layout.Config != config)
        {
            throw new InputException($"{checkpoint.Folder} has another architecture than the first checkpoint; give the folder of one training run.");
        }

        using TransformerWeights weights = new(parameters, kernels, pool);
        return logits.Of(weights, kernels, pool);
    }
}

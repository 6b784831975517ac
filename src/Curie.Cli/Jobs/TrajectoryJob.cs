using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Development.Trajectories;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Cli.Jobs;

/// <summary>Computes outputs on fixed inputs at every checkpoint of a training run, and their essential dynamics.</summary>
internal static class TrajectoryJob
{
    /// <summary>How many outputs are followed unless told otherwise, as in the published work.</summary>
    public const int DefaultOutputs = 10_000;

    /// <summary>Runs it: logits of true next tokens, or the predictions of a regression transformer.</summary>
    /// <param name="session">The terminal.</param>
    /// <param name="run">The training run.</param>
    /// <param name="data">The token rows; null for a regression transformer, which makes its own sequences.</param>
    /// <param name="outputs">The most outputs.</param>
    /// <param name="threads">How many threads; 0 for all cores.</param>
    /// <param name="seed">The seed of the choice of outputs.</param>
    /// <param name="options">How the trajectory is looked at.</param>
    /// <exception cref="InputException">There are too few checkpoints, they differ in architecture, or the rows do not fit the model.</exception>
    public static EssentialDynamics Run(
        Session session, string run, string? data, int outputs, int threads, long seed, EssentialDynamicsOptions options)
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

        Kernels kernels = Kernels.FromEnvironment();
        using WorkerPool pool = new(threads);
        double[][] followed = RegressionFolder.IsRegression(checkpoints[0].Folder)
            ? Predictions(session, checkpoints, outputs, seed, kernels, pool)
            : Logits(session, checkpoints, data ?? throw new InputException($"{run} holds models of language; give --data with token rows."), outputs, seed, kernels, pool);
        return EssentialDynamics.Of([.. checkpoints.Select(checkpoint => (double)checkpoint.Step)], followed, options);
    }

    private static double[][] Logits(
        Session session, IReadOnlyList<Checkpoint> checkpoints, string data, int outputs, long seed, Kernels kernels, WorkerPool pool)
    {
        TransformerConfig config = ModelConfigFile.Read(Path.Combine(checkpoints[0].Folder, ModelFolder.ConfigName));
        using TokenRows rows = TokenRows.Load(data, config.Vocabulary, config.ContextLength);
        TargetLogits logits = new(rows, outputs, seed);
        session.Say($"Computing {logits.Count} logits of true next tokens at {checkpoints.Count} checkpoints.");
        return Follow(session, checkpoints, checkpoint =>
        {
            using ParameterSet parameters = ModelFolder.Load(checkpoint.Folder);
            if (parameters.Layout.Config != config)
            {
                throw new InputException($"{checkpoint.Folder} has another architecture than the first checkpoint; give the folder of one training run.");
            }

            using TransformerWeights weights = new(parameters, kernels, pool);
            return logits.Of(weights, kernels, pool);
        });
    }

    private static double[][] Predictions(
        Session session, IReadOnlyList<Checkpoint> checkpoints, int outputs, long seed, Kernels kernels, WorkerPool pool)
    {
        using RegressionModel first = RegressionFolder.Load(checkpoints[0].Folder);
        using RegressionPredictions predictions = new(first, outputs, seed, kernels, pool);
        session.Say($"Computing {predictions.Count} predictions at {checkpoints.Count} checkpoints.");
        return Follow(session, checkpoints, checkpoint =>
        {
            using RegressionModel model = RegressionFolder.Load(checkpoint.Folder);
            return predictions.Of(model);
        });
    }

    private static double[][] Follow(Session session, IReadOnlyList<Checkpoint> checkpoints, Func<Checkpoint, double[]> outputs) =>
        WorkProgress.Run(session, "evaluating", "checkpoints", checkpoints.Count, progress => checkpoints.Select(checkpoint =>
        {
            session.Cancellation.ThrowIfCancellationRequested();
            double[] values = outputs(checkpoint);
            progress.Advance(1);
            return values;
        }).ToArray());
}

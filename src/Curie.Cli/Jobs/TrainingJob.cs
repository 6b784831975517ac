using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Training;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Cli.Jobs;

/// <summary>Trains a model as a configuration says, with progress.</summary>
internal static class TrainingJob
{
    private const string ManifestName = "manifest.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Trains, or continues the run in the configuration's folder.</summary>
    /// <returns>The last minibatch loss; NaN where nothing was left to train.</returns>
    /// <exception cref="Numerics.InputException">An input does not fit, the folder holds a run, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; the state is saved.</exception>
    public static double Run(Session session, TrainingConfiguration configuration, ExistingRun existing, int threads)
    {
        TrainingOptions options = configuration.Options;
        Kernels kernels = Kernels.FromEnvironment();
        using ParameterSet initial = InitialWeights(configuration, kernels);
        using TokenRows rows = LoadRows(configuration.Data, initial);
        using TokenRows? validation = configuration.Validation is { } path ? LoadRows(path, initial) : null;
        string? tokenizer = Tokenizer(configuration);
        OutputFolder folder = OutputFolder.Open(configuration.Out, existing);
        EnterFiles(folder, options);
        AtomicFile.WriteAllText(folder.FilePath(ManifestName), Manifest(configuration).ToJsonString(Indented) + "\n");
        session.Say(
            $"Training {initial.Layout.Length} parameters for {options.Steps} steps of {options.BatchSize} rows into {configuration.Out}"
            + (folder.IsResumed ? ", continuing what is there." : "."));
        TrainingInputs inputs = new()
        {
            Initial = initial,
            Rows = rows,
            Validation = validation,
            Tokenizer = tokenizer,
            Fingerprint = Fingerprint(configuration),
        };
        using WorkerPool pool = new(threads);
        TrainingRun run = new(inputs, options, kernels, pool);
        return WorkProgress.Run(session, "training", "tokens", 0, progress =>
        {
            Follower follower = new(progress);
            run.Run(folder.Path, folder.IsResumed, follower, session.Cancellation);
            return follower.Loss;
        });
    }

    private static ParameterSet InitialWeights(TrainingConfiguration configuration, Kernels kernels)
    {
        if (configuration.Model.Architecture is not { } architecture)
        {
            return ModelFolder.Load(configuration.Model.InitialWeights!);
        }

        ParameterSet parameters = new(new ParameterLayout(architecture));
        Initialization.Fill(parameters, kernels, configuration.Options.Seed, configuration.Model.Positions);
        return parameters;
    }

    private static TokenRows LoadRows(string path, ParameterSet model) =>
        TokenRows.Load(path, model.Layout.Config.Vocabulary, model.Layout.Config.ContextLength);

    private static string? Tokenizer(TrainingConfiguration configuration)
    {
        if (configuration.Tokenizer is { } given)
        {
            TokenizerFile.Load(given);
            return given;
        }

        string? path = configuration.Model.InitialWeights is { } folder ? Path.Combine(folder, ModelFolder.TokenizerName) : null;
        return File.Exists(path) ? path : null;
    }

    private static void EnterFiles(OutputFolder folder, TrainingOptions options)
    {
        string[] names = [ModelFolder.ConfigName, ModelFolder.WeightsName, ModelFolder.TokenizerName];
        folder.Enter(["train.csv", "validation.csv", TrainingRun.StateName]);
        folder.Enter(CheckpointSchedule.Steps(options.Steps, options.LogCheckpoints, options.LinearCheckpoints)
            .SelectMany(step => names.Select(name => Path.Combine(TrainingRun.CheckpointFolder("", step), name))));
    }

    private static JsonObject Manifest(TrainingConfiguration configuration) => new()
    {
        ["kind"] = "training",
        ["curie"] = typeof(TrainingJob).Assembly.GetName().Version!.ToString(3),
        ["configuration"] = configuration.ToJson(),
    };

    private static string Fingerprint(TrainingConfiguration configuration) => RunFingerprint.Of(
        (configuration with { Data = "", Validation = null, Tokenizer = null, Out = "" }).ToJson(),
        [configuration.Data, configuration.Validation, configuration.Model.InitialWeights is { } folder ? Path.Combine(folder, ModelFolder.WeightsName) : null]);

    /// <summary>Passes the run's progress on; called on the training thread, so that nothing is shown late.</summary>
    private sealed class Follower(WorkProgress progress) : IProgress<TrainingProgress>
    {
        public double Loss { get; private set; } = double.NaN;

        public void Report(TrainingProgress value)
        {
            progress.SetTotal((double)value.Steps * value.Tokens, alreadyDone: (value.Step - 1.0) * value.Tokens);
            progress.Advance(value.Tokens, string.Create(CultureInfo.InvariantCulture, $"step {value.Step} of {value.Steps}, loss {value.Loss:F4}"));
            Loss = value.Loss;
        }
    }
}

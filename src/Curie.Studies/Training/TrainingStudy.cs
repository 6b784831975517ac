using Curie.Networks.Data;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Studies.Training;

/// <summary>The training of a model as a configuration says: its files are read when it is made.</summary>
public sealed class TrainingStudy : IDisposable
{
    private readonly TrainingConfiguration _configuration;
    private readonly Kernels _kernels = Kernels.FromEnvironment();
    private readonly ParameterSet _initial;
    private readonly TokenRows _rows;
    private readonly LossWeights? _weights;
    private readonly TokenRows? _validation;
    private readonly string? _tokenizer;

    /// <summary>Reads what the configuration names.</summary>
    /// <exception cref="Numerics.InputException">A file is missing or does not fit.</exception>
    public TrainingStudy(TrainingConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _initial = InitialWeights(configuration, _kernels);
        _rows = LoadRows(configuration.Data, _initial);
        _weights = configuration.TokenWeights is { } weights ? TokenWeightsFile.Read(weights, _rows, configuration.Data) : null;
        _validation = configuration.Validation is { } path ? LoadRows(path, _initial) : null;
        _tokenizer = Tokenizer(configuration);
    }

    /// <summary>The model's parameters.</summary>
    public long Parameters => _initial.Layout.Length;

    /// <summary>Opens the configuration's folder, enters its files in the ledger, and says there what is trained.</summary>
    /// <exception cref="Numerics.InputException">The folder holds a run and is not to be continued or replaced, or cannot be
    /// written.</exception>
    public OutputFolder Open(ExistingRun existing) =>
        TrainingFolder.Open(
            _configuration.Out,
            existing,
            _configuration.Options,
            _tokenizer is null ? ModelFolder.TokenizerName : ModelFolder.TokenizerNameOf(_tokenizer),
            "training",
            _configuration.ToJson(),
            _configuration.Inputs
        );

    /// <summary>Trains, or continues what is in the folder.</summary>
    /// <param name="folder">What <see cref="Open"/> gave.</param>
    /// <param name="threads">Threads; 0 for all cores.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops; the state is kept in the folder.</param>
    /// <returns>The last minibatch loss; NaN where nothing was left to train.</returns>
    /// <exception cref="Numerics.InputException">A file cannot be written.</exception>
    /// <exception cref="Numerics.DivergenceException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the state is saved.</exception>
    public double Run(
        OutputFolder folder,
        int threads = 0,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        TrainingInputs inputs = new()
        {
            Initial = _initial,
            Rows = _rows,
            TokenWeights = _weights,
            Validation = _validation,
            Tokenizer = _tokenizer,
            Fingerprint = Fingerprint(_configuration),
        };
        using Machine machine = Machine.Create(_kernels, threads);
        TrainingRun run = new(inputs, _configuration.Options, machine);
        TrainingFollower follower = new(new WorkCounter(progress, "training", "tokens"));
        run.Run(folder.Path, folder.IsResumed, follower, cancellation);
        return follower.Loss;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _initial.Dispose();
        _rows.Dispose();
        _validation?.Dispose();
    }

    private static ParameterSet InitialWeights(TrainingConfiguration configuration, Kernels kernels)
    {
        if (configuration.Model.Architecture is not { } architecture)
        {
            return ModelReader.Load(configuration.Model.InitialWeights!);
        }

        ParameterSet parameters = new(new ParameterLayout(architecture));
        Initialization.Fill(parameters, kernels, configuration.Options.Seed, configuration.Model.Positions);
        return parameters;
    }

    private static TokenRows LoadRows(string path, ParameterSet model) => ModelRows.Load(path, model.Layout.Config);

    private static string? Tokenizer(TrainingConfiguration configuration)
    {
        if (configuration.Tokenizer is { } given)
        {
            RequireFits(TokenizerFile.Load(given), given, configuration.Model.Architecture?.Vocabulary);
            return IsOneFile(given)
                ? given
                : throw new InputException(
                    $"{given} is a tokenizer of several files, and a checkpoint holds one; save it as {ModelFolder.TokenizerName}."
                );
        }

        string? path = configuration.Model.InitialWeights is { } folder ? TokenizerFile.Find(folder) : null;
        return path is not null && IsOneFile(path) ? path : null;
    }

    /// <summary>Refuses a tokenizer with tokens that the network has no place for, whose texts would not be those of the rows.</summary>
    private static void RequireFits(Tokenizer tokenizer, string path, int? vocabulary)
    {
        if (tokenizer.VocabularySize > vocabulary)
        {
            throw new InputException(
                $"{path} has {Counted.Of(tokenizer.VocabularySize, "token")} and the network a d_vocab of {vocabulary}; give the tokenizer "
                    + "that the rows were packed with, or a larger d_vocab."
            );
        }
    }

    private static bool IsOneFile(string path) => Path.GetFileName(path) is not ("vocab.json" or "merges.txt") && !Directory.Exists(path);

    /// <summary>
    /// What decides the weights after every step. How many steps there are, and which of them are kept, does not, unless the learning rate
    /// goes by it: so a finished training can be continued.
    /// </summary>
    private static TrainingOptions Deciding(TrainingOptions options) =>
        options with
        {
            Steps = options.Schedule == LearningRateSchedule.OneCycle ? options.Steps : 1,
            LogCheckpoints = 0,
            LinearCheckpoints = 0,
        };

    private static string Fingerprint(TrainingConfiguration configuration) =>
        RunFingerprint.Of(
            (
                configuration with
                {
                    Data = "",
                    TokenWeights = null,
                    Validation = null,
                    Tokenizer = null,
                    Out = "",
                    Options = Deciding(configuration.Options),
                }
            ).ToJson(),
            [
                configuration.Data,
                .. configuration.TokenWeights is { } weights ? (IEnumerable<string?>)[weights] : [],
                configuration.Validation,
                .. configuration.Model.InitialWeights is { } folder ? ModelReader.FilesOf(folder) : (IEnumerable<string?>)[null],
            ]
        );
}

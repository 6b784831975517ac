using System.Text.Json.Nodes;
using Curie.Development.Scores;
using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Studies.Folders;
using Curie.Studies.Progress;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Studies.Development;

/// <summary>Scores of several checkpoints into one table.</summary>
public sealed class CheckpointScoresStudy : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly TokenRows _text;
    private readonly AttentionSamples? _samples;
    private readonly ModelScoreOptions _options;
    private readonly string _place;
    private readonly string _data;

    /// <summary>Finds the checkpoints and reads the text.</summary>
    /// <param name="place">A model folder, a training run, or a pattern.</param>
    /// <param name="every">Of several checkpoints every so-manieth is taken, and the last.</param>
    /// <param name="data">The file of token rows.</param>
    /// <param name="options">How checkpoints are scored.</param>
    /// <exception cref="InputException">An input is missing or does not fit.</exception>
    public CheckpointScoresStudy(string place, int every, string data, ModelScoreOptions options)
    {
        Checkpoints = CheckpointSelection.Find([place], every);
        _config = ModelReader.LoadConfig(Checkpoints[0].Folder);
        _text = ModelRows.Load(data, _config);
        if (_text.Count < 2)
        {
            _text.Dispose();
            throw new InputException($"{data} has one row, from which no error follows; give at least 2 rows.");
        }

        _samples = Samples(Checkpoints[0].Folder, _config, _text);
        (_place, _options, _data) = (place, options, data);
    }

    /// <summary>The checkpoints, in ascending order of steps.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <summary>The rows of text.</summary>
    public int Rows => Math.Min(_options.Rows, _text.Count);

    /// <summary>Whether attention scores are measured: rows must begin alike, or a tokenizer must say how they begin.</summary>
    public bool HasAttention => _samples is not null;

    /// <summary>Opens a folder for the table, and enters its files in the ledger.</summary>
    /// <exception cref="InputException">The folder holds files already and they are not to be replaced, or it cannot be
    /// written.</exception>
    public OutputFolder Open(string path, ExistingRun existing)
    {
        OutputFolder folder = OutputFolder.Open(path, existing, canResume: false, [_place, _data]);
        folder.Enter([ScoreTable.CsvName, ScoreTable.JsonName]);
        return folder;
    }

    /// <summary>Scores every checkpoint, and writes the table.</summary>
    /// <param name="folder">What <see cref="Open"/> gave.</param>
    /// <param name="threads">Threads; 0 for all cores.</param>
    /// <param name="progress">Told after every checkpoint.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InputException">A checkpoint is of another architecture, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; nothing is written.</exception>
    public ScoreTable Run(
        OutputFolder folder,
        int threads = 0,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        using Machine machine = Machine.Create(threads);
        WorkCounter counter = new(progress, "scoring", "checkpoints", Checkpoints.Count);
        List<(Checkpoint, IReadOnlyList<ModelScore>)> scored = [];
        foreach (Checkpoint checkpoint in Checkpoints)
        {
            scored.Add((checkpoint, Score(checkpoint, machine, cancellation)));
            counter.Advance(1, checkpoint.Name);
        }

        return Save(folder, scored);
    }

    /// <summary>Scores one checkpoint.</summary>
    /// <exception cref="InputException">It is of another architecture.</exception>
    internal IReadOnlyList<ModelScore> Score(Checkpoint checkpoint, Machine machine, CancellationToken cancellation)
    {
        using ParameterSet model = ModelReader.Load(checkpoint.Folder);
        return model.Layout.Config == _config
            ? ModelScores.Of(model, _text, _samples, _options, machine, cancellation)
            : throw new InputException(
                $"{checkpoint.Folder} has another architecture than {Checkpoints[0].Folder}; give checkpoints of one training run."
            );
    }

    /// <summary>Writes the table of all checkpoints.</summary>
    internal ScoreTable Save(OutputFolder folder, IReadOnlyList<(Checkpoint, IReadOnlyList<ModelScore>)> scored)
    {
        ScoreTable table = new(Configuration(_data, _options, _text), scored);
        table.Save(folder.Path);
        return table;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    private static JsonObject Configuration(string data, ModelScoreOptions options, TokenRows text)
    {
        (int early, int late) = options.Indices(text.ContextLength - 1);
        return new JsonObject
        {
            ["data"] = Path.GetFullPath(data),
            ["rows"] = Math.Min(options.Rows, text.Count),
            ["samples"] = options.Samples,
            ["early"] = early,
            ["late"] = late,
            ["seed"] = options.Seed,
        };
    }

    /// <summary>The beginning-of-row token is the tokenizer's; without one, the token with which every row begins.</summary>
    private static AttentionSamples? Samples(string model, TransformerConfig config, TokenRows text)
    {
        if (TokenizerFile.Find(model) is { } tokenizer && TokenizerFile.Load(tokenizer) is { BosId: { } bos } known)
        {
            return new AttentionSamples(config.ContextLength, config.Vocabulary, bos, [.. known.Specials.Select(special => special.Id)]);
        }

        return Enumerable.Range(0, text.Count).All(row => text[row, 0] == text[0, 0])
            ? new AttentionSamples(config.ContextLength, config.Vocabulary, text[0, 0], [])
            : null;
    }
}

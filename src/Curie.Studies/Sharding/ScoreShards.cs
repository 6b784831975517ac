using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Development.Scores;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Studies.Development;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>Scores of checkpoints in shards, into one table.</summary>
public sealed class ScoreShards : CheckpointShards
{
    /// <summary>The kind of study.</summary>
    public const string StudyName = "scores";

    private readonly CheckpointScoresStudy _study;
    private readonly ScoreSettings _settings;
    private readonly List<(Checkpoint, IReadOnlyList<ModelScore>)> _scored = [];

    /// <summary>Finds the checkpoints and reads the text.</summary>
    /// <param name="place">A model folder, a training run, or a pattern.</param>
    /// <param name="every">Of several checkpoints every so-manieth is taken, and the last.</param>
    /// <param name="data">The file of token rows.</param>
    /// <param name="scores">How checkpoints are scored.</param>
    /// <param name="options">Threads of a shard.</param>
    /// <exception cref="InputException">An input is missing or does not fit.</exception>
    public ScoreShards(string place, int every, string data, ModelScoreOptions scores, StudyOptions options)
        : base(options)
    {
        _settings = new ScoreSettings(Path.GetFullPath(place), every, Path.GetFullPath(data), scores);
        _study = new CheckpointScoresStudy(_settings.Place, every, _settings.Data, scores);
    }

    /// <inheritdoc/>
    public override string Kind => StudyName;

    /// <inheritdoc/>
    public override JsonElement Configuration => JsonSerializer.SerializeToElement(_settings);

    /// <inheritdoc/>
    public override IEnumerable<string> ResultFiles => [ScoreTable.CsvName, ScoreTable.JsonName];

    /// <inheritdoc/>
    private protected override IReadOnlyList<Checkpoint> Checkpoints => _study.Checkpoints;

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> DataFiles => [_settings.Data];

    /// <summary>The study of a plan.</summary>
    internal static ScoreShards Of(ShardPlan plan, StudyOptions options) =>
        plan.Configuration.Deserialize<ScoreSettings>() is { } settings
            ? new ScoreShards(settings.Place, settings.Every, settings.Data, settings.Scores, options)
            : throw new InputException($"{ShardPlan.FileName} says nothing of the scores; submit the study again.");

    /// <inheritdoc/>
    private protected override IEnumerable<string?> FilesOf(Checkpoint checkpoint) => ModelReader.FilesOf(checkpoint.Folder);

    /// <inheritdoc/>
    private protected override Action<BinaryWriter> Measure(Checkpoint checkpoint, CancellationToken cancellation)
    {
        IReadOnlyList<ModelScore> scores = _study.Score(checkpoint, Machine, cancellation);
        return writer =>
        {
            writer.Write(scores.Count);
            foreach (ModelScore score in scores)
            {
                writer.Write(score.Component);
                writer.Write(score.Score);
                writer.Write(score.Value);
                writer.Write(score.StandardError is not null);
                writer.Write(score.StandardError ?? 0);
            }
        };
    }

    /// <inheritdoc/>
    private protected override void Take(Checkpoint checkpoint, BinaryReader reader)
    {
        ModelScore[] scores = new ModelScore[reader.ReadInt32()];
        for (int i = 0; i < scores.Length; i++)
        {
            (string component, string name, double value) = (reader.ReadString(), reader.ReadString(), reader.ReadDouble());
            bool hasError = reader.ReadBoolean();
            double error = reader.ReadDouble();
            scores[i] = new ModelScore(component, name, value, hasError ? error : null);
        }

        _scored.Add((checkpoint, scores));
    }

    /// <inheritdoc/>
    private protected override void Write(OutputFolder folder) => _study.Save(folder, _scored);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _study.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed record ScoreSettings(string Place, int Every, string Data, ModelScoreOptions Scores);
}

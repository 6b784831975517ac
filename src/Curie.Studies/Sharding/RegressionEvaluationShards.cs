using System.Runtime.InteropServices;
using System.Text.Json;
using Curie.Development.Regression;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Studies.Development;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>The evaluation of a regression run's checkpoints in shards.</summary>
public sealed class RegressionEvaluationShards : CheckpointShards
{
    /// <summary>The kind of study.</summary>
    public const string StudyName = "regression-evaluation";

    private readonly RegressionEvaluationStudy _study;
    private readonly EvaluationSettings _settings;
    private readonly Lazy<RegressionEvaluation> _evaluation;
    private readonly List<EvaluatedCheckpoint> _evaluated = [];

    /// <summary>Finds the checkpoints.</summary>
    /// <param name="run">A run folder, or a checkpoint's own.</param>
    /// <param name="evaluation">On what they are evaluated.</param>
    /// <param name="options">Threads of a shard.</param>
    /// <exception cref="InputException">There is no checkpoint.</exception>
    public RegressionEvaluationShards(string run, RegressionEvaluationOptions evaluation, StudyOptions options)
        : base(options)
    {
        _settings = new EvaluationSettings(Path.GetFullPath(run), evaluation);
        _study = new RegressionEvaluationStudy(_settings.Run, evaluation);
        _evaluation = new(() => _study.Evaluation(Machine));
    }

    /// <inheritdoc/>
    public override string Kind => StudyName;

    /// <inheritdoc/>
    public override JsonElement Configuration => JsonSerializer.SerializeToElement(_settings);

    /// <inheritdoc/>
    public override IEnumerable<string> ResultFiles => ["evaluation.csv", "evaluation.json", "outputs.npz"];

    /// <inheritdoc/>
    private protected override IReadOnlyList<Checkpoint> Checkpoints => _study.Checkpoints;

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> DataFiles => [];

    /// <summary>The study of a plan.</summary>
    internal static RegressionEvaluationShards Of(ShardPlan plan, StudyOptions options) =>
        plan.Configuration.Deserialize<EvaluationSettings>() is { } settings
            ? new RegressionEvaluationShards(settings.Run, settings.Evaluation, options)
            : throw new InputException($"{ShardPlan.FileName} says nothing of the evaluation; submit the study again.");

    /// <inheritdoc/>
    private protected override IEnumerable<string?> FilesOf(Checkpoint checkpoint) =>
        [Path.Combine(checkpoint.Folder, ModelFolder.ConfigName), Path.Combine(checkpoint.Folder, ModelFolder.WeightsName)];

    /// <inheritdoc/>
    private protected override Action<BinaryWriter> Measure(Checkpoint checkpoint, CancellationToken cancellation)
    {
        EvaluatedCheckpoint evaluated = RegressionEvaluationStudy.Evaluate(checkpoint, _evaluation.Value);
        return writer =>
        {
            writer.Write(evaluated.Scores.Count);
            foreach (RegressionScore score in evaluated.Scores)
            {
                writer.Write(score.Name);
                writer.Write(score.Value);
            }

            writer.Write(evaluated.Outputs.Length);
            writer.Write(MemoryMarshal.AsBytes(evaluated.Outputs.AsSpan()));
        };
    }

    /// <inheritdoc/>
    private protected override void Take(Checkpoint checkpoint, BinaryReader reader)
    {
        RegressionScore[] scores = new RegressionScore[reader.ReadInt32()];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = new RegressionScore(reader.ReadString(), reader.ReadDouble());
        }

        float[] outputs = new float[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(outputs.AsSpan()));
        _evaluated.Add(new EvaluatedCheckpoint(scores, outputs));
    }

    /// <inheritdoc/>
    private protected override void Write(OutputFolder folder) => _study.Write(folder, _evaluated, _evaluation.Value);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _evaluation.IsValueCreated)
        {
            _evaluation.Value.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed record EvaluationSettings(string Run, RegressionEvaluationOptions Evaluation);
}

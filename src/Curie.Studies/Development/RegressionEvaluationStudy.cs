using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Development.Regression;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Parallelism;
using Curie.Studies.Folders;
using Curie.Studies.Progress;

namespace Curie.Studies.Development;

/// <summary>Evaluates the checkpoints of a regression run and writes evaluation.csv, evaluation.json and outputs.npz.</summary>
public sealed class RegressionEvaluationStudy
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _run;
    private readonly RegressionEvaluationOptions _options;

    /// <summary>Finds the checkpoints of a run folder, or takes a checkpoint's own folder.</summary>
    /// <exception cref="InputException">There is no checkpoint, or one is of another kind.</exception>
    public RegressionEvaluationStudy(string run, RegressionEvaluationOptions options)
    {
        _run = run;
        _options = options;
        Checkpoints = CheckpointSelection.Find([run]);
    }

    /// <summary>The checkpoints in the order of their steps.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <summary>Evaluates all of them.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="threads">Threads; 0 for all cores.</param>
    /// <param name="progress">Told after every checkpoint.</param>
    /// <param name="cancellation">Stops between two checkpoints.</param>
    /// <exception cref="InputException">A checkpoint cannot be read or is of another run, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; nothing is written.</exception>
    public RegressionTable Run(
        OutputFolder folder,
        int threads = 0,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        WorkCounter counter = new(progress, "evaluating", "checkpoints", Checkpoints.Count);
        using Machine machine = Machine.Create(threads);
        using RegressionEvaluation evaluation = Evaluation(machine);
        List<EvaluatedCheckpoint> evaluated = [];
        foreach (Checkpoint checkpoint in Checkpoints)
        {
            cancellation.ThrowIfCancellationRequested();
            evaluated.Add(Evaluate(checkpoint, evaluation));
            counter.Advance(1);
        }

        return Write(folder, evaluated, evaluation);
    }

    /// <summary>The sequences and baselines on which all checkpoints are evaluated.</summary>
    internal RegressionEvaluation Evaluation(Machine machine)
    {
        using ParameterSet first = RegressionFolder.Load(Checkpoints[0].Folder);
        return new RegressionEvaluation(first, _options, machine);
    }

    /// <summary>Evaluates one checkpoint.</summary>
    /// <exception cref="InputException">It cannot be read or is of another run.</exception>
    internal static EvaluatedCheckpoint Evaluate(Checkpoint checkpoint, RegressionEvaluation evaluation)
    {
        using ParameterSet model = RegressionFolder.Load(checkpoint.Folder);
        float[] outputs = new float[evaluation.OutputSequences * evaluation.Batch.Examples];
        IReadOnlyList<RegressionScore> scores = evaluation.Evaluate(model, outputs);
        return new EvaluatedCheckpoint(scores, outputs);
    }

    /// <summary>Writes the files of all checkpoints.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="evaluated">The checkpoints, in their order.</param>
    /// <param name="evaluation">What they were evaluated on.</param>
    internal RegressionTable Write(OutputFolder folder, IReadOnlyList<EvaluatedCheckpoint> evaluated, RegressionEvaluation evaluation)
    {
        RegressionTable table = new();
        foreach ((Checkpoint checkpoint, EvaluatedCheckpoint one) in Checkpoints.Zip(evaluated))
        {
            table.Add(checkpoint.Step, one.Scores);
        }

        using ParameterSet first = RegressionFolder.Load(Checkpoints[0].Folder);
        Write(folder, table, [.. evaluated.SelectMany(one => one.Outputs)], evaluation, RegressionTask.Of(first.Layout.Config));
        return table;
    }

    private void Write(OutputFolder folder, RegressionTable table, float[] outputs, RegressionEvaluation evaluation, RegressionTask task)
    {
        int sequences = evaluation.OutputSequences;
        float[] inputs = new float[sequences * task.Examples * task.Dimension];
        float[] targets = new float[sequences * task.Examples];
        for (int s = 0; s < sequences; s++)
        {
            evaluation.Batch.Targets(s).CopyTo(targets.AsSpan(s * task.Examples));
            for (int k = 0; k < task.Examples; k++)
            {
                evaluation.Batch.Inputs(s).Row(k).CopyTo(inputs.AsSpan(((s * task.Examples) + k) * task.Dimension));
            }
        }

        NpzFile.Write(folder.FilePath("outputs.npz"), NpzCompression.Stored, writer =>
        {
            writer.Add<long>("steps", Checkpoints.Select(checkpoint => checkpoint.Step).ToArray(), Checkpoints.Count);
            writer.Add<float>("outputs", outputs, Checkpoints.Count, sequences * task.Examples);
            writer.Add<float>("inputs", inputs, sequences, task.Examples, task.Dimension);
            writer.Add<float>("targets", targets, sequences, task.Examples);
        });
        AtomicFile.WriteAllText(folder.FilePath("evaluation.csv"), table.ToCsv());
        JsonObject json = new()
        {
            ["kind"] = "regression-evaluation",
            ["run"] = Path.GetFullPath(_run),
            ["seed"] = _options.Seed,
            ["sequences"] = _options.Sequences,
            ["attention_sequences"] = Math.Min(_options.AttentionSequences, _options.Sequences),
            ["scales"] = new JsonArray([.. _options.Scales.Select(scale => (JsonNode)scale)]),
            ["task"] = RegressionFolder.TaskJson(task),
            ["checkpoints"] = table.ToJson(),
        };
        AtomicFile.WriteAllText(folder.FilePath("evaluation.json"), json.ToJsonString(Indented) + "\n");
    }
}

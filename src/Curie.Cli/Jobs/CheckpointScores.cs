using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Development.Scores;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Cli.Jobs;

/// <summary>Scores of several checkpoints into one table.</summary>
internal static class CheckpointScores
{
    /// <summary>Scores every checkpoint.</summary>
    /// <exception cref="InputException">An input does not fit, the folder holds files already, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static int Run(Session session, string place, int every, string data, string path, ExistingRun existing, ModelScoreOptions options, int threads)
    {
        IReadOnlyList<Checkpoint> checkpoints = CheckpointSelection.Find([place], every);
        TransformerConfig config = ModelFolder.LoadConfig(checkpoints[0].Folder);
        using TokenRows text = TokenRows.Load(data, config.Vocabulary, config.ContextLength);
        if (text.Count < 2)
        {
            throw new InputException($"{data} has one row, from which no error follows; give at least 2 rows.");
        }

        AttentionSamples? samples = Samples(checkpoints[0].Folder, config, text);
        OutputFolder folder = OutputFolder.Open(path, existing);
        folder.Enter([ScoreTable.CsvName, ScoreTable.JsonName]);
        session.Say(
            $"Scoring {checkpoints.Count} checkpoints, steps {checkpoints[0].Step} to {checkpoints[^1].Step}, on {Math.Min(options.Rows, text.Count)} rows of {data} and {options.Samples} synthetic sequences, into {folder.Path}."
            + (samples is null ? " Attention scores are left out: rows begin with different tokens, and there is no tokenizer." : ""));
        using WorkerPool pool = new(threads);
        Kernels kernels = Kernels.FromEnvironment();
        ScoreTable table = WorkProgress.Run(session, "scoring", "checkpoints", checkpoints.Count, progress =>
        {
            List<(Checkpoint, IReadOnlyList<ModelScore>)> scored = [];
            foreach (Checkpoint checkpoint in checkpoints)
            {
                using ParameterSet model = ModelFolder.Load(checkpoint.Folder);
                if (model.Layout.Config != config)
                {
                    throw new InputException($"{checkpoint.Folder} has another architecture than {checkpoints[0].Folder}; give checkpoints of one training run.");
                }

                scored.Add((checkpoint, ModelScores.Of(model, text, samples, options, kernels, pool, session.Cancellation)));
                progress.Advance(1, checkpoint.Name);
            }

            return new ScoreTable(Configuration(data, options, text), scored);
        });
        table.Save(folder.Path);
        session.Report($"Wrote {Path.Combine(folder.Path, ScoreTable.CsvName)} and {ScoreTable.JsonName}.", table.ToJson());
        return ExitCode.Done;
    }

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
        string tokenizer = Path.Combine(model, ModelFolder.TokenizerName);
        if (File.Exists(tokenizer) && TokenizerFile.Load(tokenizer) is { BosId: { } bos } known)
        {
            return new AttentionSamples(config.ContextLength, config.Vocabulary, bos, [.. known.Specials.Select(special => special.Id)]);
        }

        return Enumerable.Range(0, text.Count).All(row => text[row, 0] == text[0, 0])
            ? new AttentionSamples(config.ContextLength, config.Vocabulary, text[0, 0], [])
            : null;
    }
}

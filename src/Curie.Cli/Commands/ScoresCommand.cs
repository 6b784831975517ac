using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Development.Scores;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Configuration;
using Curie.Studies.Development;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary><c>curie scores</c>: what the heads of a run's model do by measures that need no sampling, beside their response.</summary>
internal static class ScoresCommand
{
    public static CurieCommand Create(Session session)
    {
        Argument<string> run = new("RUN")
        {
            Description =
                "A folder that curie susceptibility wrote; or checkpoints: a model (a folder or a file), a training run, or a pattern "
                + "such as \"runs/pile/checkpoint-*\".",
        };
        Option<string?> part = PartOption.Create("that is correlated with the measures");
        Option<string?> model = new("--model")
        {
            Description = "The model, a folder or a file, in place of the one that the run names.",
            HelpName = "PATH",
        };
        Option<string?> patterns = new("--patterns")
        {
            Description = "Token patterns in place of the defaults, which curie patterns prints.",
            HelpName = "FILE",
        };
        Option<int> samples = new("--samples")
        {
            Description = "Synthetic sequences per attention score, and rows for the bigram score.",
            HelpName = "N",
            DefaultValueFactory = _ => 1000,
        };
        samples.Validators.Add(SharedOptions.AtLeast(2));
        Option<long> seed = SharedOptions.Seed();
        Option<int?> threads = SharedOptions.Threads();
        Option<string?> csv = new("--csv")
        {
            Description =
                "Also write effects.csv, correlations.csv, head-correlations.csv, mode-roles.csv and, with --paths, paths.csv into this "
                + "folder.",
            HelpName = "DIR",
        };
        Option<bool> paths = new("--paths")
        {
            Description =
                "Also what every head does through every head of a later layer, by path ablation: the later one alone reads a network in "
                + "which the earlier one is replaced by its mean. Every pair takes up to a pass over the run's rows.",
        };
        Option<string?> text = new("--data") { Description = "With checkpoints: token rows of text, required.", HelpName = "ROWS.npy" };
        Option<string?> table = new("--out", "-o")
        {
            Description = "With checkpoints: the folder for scores.csv and scores.json, required.",
            HelpName = "DIR",
        };
        Option<int?> every = SamplingOverrides.Whole("--every", "With checkpoints: take every N-th, and the last; 1 by default.", 1);
        Option<int?> rows = SamplingOverrides.Whole(
            "--rows",
            "With checkpoints: the first so many rows give losses and ablations; 256 by default.",
            2
        );
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "scores",
            "Measure every head of a run's model by attention scores, ablation and direct logit attribution, and correlate these with "
                + "its response token by token. Or measure checkpoints by these and further scores into one table, scores.csv.",
            "curie scores runs/chi --samples 2000"
        )
        {
            run,
            part,
            model,
            patterns,
            samples,
            seed,
            threads,
            csv,
            paths,
            text,
            table,
            every,
            rows,
            overwrite,
            takeOver,
        };
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(run);
            if (CheckpointSelection.IsModel(path) || CheckpointSelection.HoldsModels(path))
            {
                string textPath = parsed.GetValue(text)
                    ?? throw new InputException("scores of checkpoints are measured on text; give --data ROWS.npy.");
                string tablePath = parsed.GetValue(table)
                    ?? throw new InputException("scores of checkpoints are written as a table; give --out DIR.");
                ModelScoreOptions options = new()
                {
                    Rows = parsed.GetValue(rows) ?? new ModelScoreOptions().Rows,
                    Samples = parsed.GetValue(samples),
                    Seed = parsed.GetValue(seed),
                };
                using CheckpointScoresStudy study = new(path, parsed.GetValue(every) ?? 1, textPath, options);
                SharedOptions.TakeOver(parsed.GetValue(takeOver), tablePath);
                using OutputFolder output = study.Open(tablePath, SharedOptions.Existing(resume: false, parsed.GetValue(overwrite)));
                return ScoreCheckpoints(session, study, output, textPath, options.Samples, parsed.GetValue(threads) ?? 0);
            }

            SusceptibilityRun data = RunFolder.Read(path);
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(csv));
            using OutputFolder? folder = parsed.GetValue(csv) is { } tables
                ? OutputFolder.Open(
                    tables,
                    SharedOptions.Existing(resume: false, parsed.GetValue(overwrite)),
                    canResume: false,
                    [path, .. new[] { parsed.GetValue(model), parsed.GetValue(patterns) }.OfType<string>()]
                )
                : null;
            using Machine machine = Machine.Create(parsed.GetValue(threads) ?? 0);
            HeadMeasures measures = HeadMeasures.Of(
                data,
                PartOption.Of(parsed.GetValue(part), data),
                parsed.GetValue(model),
                PatternFile.Read(parsed.GetValue(patterns)),
                parsed.GetValue(samples),
                parsed.GetValue(seed),
                parsed.GetValue(paths),
                machine,
                SusceptibilityStudy.ControlOf(path)
            );
            measures.Store(path);
            RunAttention.Keep(path, data, parsed.GetValue(model), machine);
            if (folder is not null)
            {
                AtomicFile.WriteAllText(folder.FilePath("effects.csv"), measures.EffectsCsv);
                AtomicFile.WriteAllText(folder.FilePath("correlations.csv"), measures.CorrelationsCsv);
                AtomicFile.WriteAllText(folder.FilePath("head-correlations.csv"), measures.AgreementsCsv);
                AtomicFile.WriteAllText(folder.FilePath("mode-roles.csv"), measures.ModesCsv);
                if (parsed.GetValue(paths))
                {
                    AtomicFile.WriteAllText(folder.FilePath("paths.csv"), measures.PathsCsv);
                }
            }

            ReportConsole.Report(
                session,
                () => RecordJson.ToNode(measures.ToRecord()),
                console => HeadMeasuresView.Draw(console, measures)
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static int ScoreCheckpoints(
        Session session,
        CheckpointScoresStudy study,
        OutputFolder folder,
        string text,
        int samples,
        int threads
    )
    {
        session.Say(
            $"Scoring {Counted.Of(study.Checkpoints.Count, "checkpoint")}, steps {study.Checkpoints[0].Step} to "
                + $"{study.Checkpoints[^1].Step}, on "
                + $"{Counted.Of(study.Rows, "row")} of {text} and {Counted.Of(samples, "synthetic sequence")}, into {folder.Path}."
                + (study.HasAttention ? "" : " Attention scores are left out: rows begin with different tokens, and there is no tokenizer.")
        );
        ScoreTable table = WorkProgress.Run(session, progress => study.Run(folder, threads, progress, session.Cancellation));
        session.Report(
            $"Wrote {Path.Combine(folder.Path, ScoreTable.CsvName)} and {ScoreTable.JsonName}.",
            RecordJson.ToNode(table.ToRecord())
        );
        return ExitCode.Done;
    }
}

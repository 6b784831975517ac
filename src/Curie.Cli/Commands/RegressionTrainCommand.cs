using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Training;

namespace Curie.Cli.Commands;

/// <summary><c>curie regression train</c>: trains a regression transformer and keeps checkpoints.</summary>
internal static class RegressionTrainCommand
{
    public static Command Create(Session session)
    {
        Option<string> config = new("--config")
        {
            Description = "The regression.yaml.",
            HelpName = "FILE",
            Required = true,
        };
        Option<string?> folder = new("--out", "-o") { Description = "The run folder, in place of the configuration's.", HelpName = "DIR" };
        Option<long?> seed = SharedOptions.SeedOverride();
        Option<int?> threads = SharedOptions.Threads();
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "train",
            "Train a transformer on sequences of linear regression and keep checkpoints along the way. The run folder gets train.csv "
                + "(step,loss), validation.csv and one model folder for each checkpoint.",
            "curie regression train --config examples/development/regression.yaml --out runs/regression"
        )
        {
            config,
            folder,
            seed,
            threads,
            resume,
            overwrite,
            takeOver,
        };
        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            RegressionConfiguration configuration = RegressionConfiguration.Load(parsed.GetRequiredValue(config));
            configuration = configuration with
            {
                Out = parsed.GetValue(folder) ?? configuration.Out,
                Options = configuration.Options with { Seed = parsed.GetValue(seed) ?? configuration.Options.Seed },
            };
            session.InterruptionAdvice = $"give the same command with --resume to continue the run in {configuration.Out}.";
            SharedOptions.TakeOver(parsed.GetValue(takeOver), configuration.Out);
            return Run(
                session,
                configuration,
                SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite)),
                parsed.GetValue(threads) ?? 0
            );
        });
        return command;
    }

    private static int Run(Session session, RegressionConfiguration configuration, ExistingRun existing, int threads)
    {
        TrainingOptions options = configuration.Options;
        RegressionTrainingStudy study = new(configuration);
        using OutputFolder output = study.Open(existing);
        session.Say(
            $"Training on {Describe(configuration.Task)} for {Counted.Of(options.Steps, "step")} of "
                + $"{Counted.Of(options.BatchSize, "sequence")} into "
                + $"{configuration.Out}"
                + (output.IsResumed ? ", continuing what is there." : ".")
        );
        double? loss = WorkProgress.Run(session, progress => study.Run(output, threads, progress, session.Cancellation));
        string last = TrainingRun.CheckpointFolder(configuration.Out, options.Steps);
        session.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{last}: trained{(loss is null ? " already" : $", mean squared error {loss:F4} on held-out sequences")}"
            ),
            new JsonObject
            {
                ["run"] = configuration.Out,
                ["checkpoint"] = last,
                ["steps"] = options.Steps,
                ["validation_loss"] = RecordJson.Number(loss),
            }
        );
        return ExitCode.Done;
    }

    private static string Describe(RegressionTask task) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(task.Tasks is { } count ? Counted.Of(count, "fixed task") : "a new task in every sequence")}, "
                + $"{Counted.Of(task.Examples, "example")} in "
                + $"{Counted.Of(task.Dimension, "dimension")}"
        );
}

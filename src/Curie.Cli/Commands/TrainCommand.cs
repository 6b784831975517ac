using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Networks.Training;
using Curie.Response.Runs;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Training;

namespace Curie.Cli.Commands;

/// <summary><c>curie train</c>: trains a transformer and keeps checkpoints.</summary>
internal static class TrainCommand
{
    public static Command Create(Session session)
    {
        Option<string> config = new("--config")
        {
            Description = "The train.yaml.",
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
            "Train a transformer on token rows and keep checkpoints along the way. The run folder gets train.csv (step,loss) and one "
                + "model folder for each checkpoint.",
            "curie train --config train.yaml"
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
            string path = parsed.GetRequiredValue(config);
            TrainingConfiguration configuration = TrainingConfiguration.Load(path);
            configuration = configuration with
            {
                Out = parsed.GetValue(folder) ?? configuration.Out,
                Options = configuration.Options with { Seed = parsed.GetValue(seed) ?? configuration.Options.Seed },
            };
            SharedOptions.TakeOver(parsed.GetValue(takeOver), configuration.Out);
            ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
            session.InterruptionAdvice = $"give the same command with --resume to continue the run in {configuration.Out}.";
            return Run(session, configuration, existing, parsed.GetValue(threads) ?? 0);
        });
        return command;
    }

    private static int Run(Session session, TrainingConfiguration configuration, ExistingRun existing, int threads)
    {
        using TrainingStudy study = new(configuration);
        double loss = TrainingProgressView.Run(session, study, configuration, existing, threads);
        int steps = configuration.Options.Steps;
        string last = TrainingRun.CheckpointFolder(configuration.Out, steps);
        session.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{last}: trained{(double.IsNaN(loss) ? " already" : $", last minibatch loss {loss:F4} nats per token")}"
            ),
            new JsonObject
            {
                ["run"] = configuration.Out,
                ["checkpoint"] = last,
                ["steps"] = steps,
                ["loss"] = RecordJson.Number(loss),
            }
        );
        return ExitCode.Done;
    }
}

using System.CommandLine;
using System.Text.Json;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Coefficients;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Sampling.Networks;
using Curie.Studies;
using Curie.Studies.Coefficients;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie llc</c>: the local learning coefficients of a model's components, at one checkpoint or over training.</summary>
internal static class LlcCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Session session)
    {
        ExperimentOptions experiment = new(severalModels: true);
        StudyOverrides study = new();
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<string?> file = new("--out", "-o")
        {
            Description = "A file for everything that --json prints; over several checkpoints or data, the folder of the study.",
            HelpName = "LLC.json",
        };
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "llc",
            "Estimate the local learning coefficient of components: nβ times the mean rise of the loss over the localised posterior, "
                + "with its standard error and the diagnostics that say whether to trust it. Over several checkpoints or data sets it "
                + "writes one table, llc.csv, into the "
                + "folder --out. The exit code is 3 if chains had to be left out.",
            "curie llc --model runs/pile --every 5 --data pile.npy --on github=github.npy --component full --component heads --out "
                + "runs/pile-llc"
        )
        {
            threads,
            memory,
            file,
            resume,
            overwrite,
            takeOver,
        };
        experiment.AddTo(command);
        foreach (Option option in study.Options)
        {
            command.Add(option);
        }

        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            ExperimentConfiguration configuration = experiment.Read(parsed);
            configuration = configuration with { Study = study.Apply(parsed, configuration.Study) };
            configuration.Sampling.Options.Validate();
            if (configuration.Study.Against is not null && RegressionFolder.IsRegressionAt(configuration.Model))
            {
                throw new InputException(
                    "--against compares next-token distributions, of which a regression transformer has none; leave it out."
                );
            }

            StudyOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? StudyOptions.DefaultMemory,
            };
            if (configuration.HasCheckpoints || configuration.Study.Data.Count > 0)
            {
                string folder = parsed.GetValue(file)
                    ?? throw new InputException("several checkpoints or data sets need a folder for their table; give --out DIR.");
                SharedOptions.TakeOver(parsed.GetValue(takeOver), folder);
                ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
                return RunTable(session, configuration, folder, existing, options);
            }

            if (parsed.GetValue(file) is { } path)
            {
                OutputFile.Prepare(path, parsed.GetValue(overwrite), experiment.Inputs(parsed, configuration));
            }

            return RunOne(session, configuration, options, parsed.GetValue(file));
        });
        return command;
    }

    private static int RunOne(Session session, ExperimentConfiguration configuration, StudyOptions options, string? file)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        using LearningCoefficientStudy study = new(configuration, options);
        session.Say(
            $"Sampling {Counted.Of(study.Components, "component")} of {configuration.Model}, "
                + $"{Counted.Of(sampling.Options.Chains, "chain")} of "
                + $"{Counted.Of(sampling.Options.Draws, "draw")} each: {Text(study.Evaluations)} {study.Unit[..^1]} evaluations in all."
        );
        session.Warn(study.CheckLossRows());
        SayPlan(session, study.Plan, study.Machine, study.Trial);
        IReadOnlyList<ComponentCoefficient> coefficients = WorkProgress.Run(session, progress => study.Run(progress, session.Cancellation));
        LlcReport report = new(configuration, coefficients, session.IsVerbose);
        if (file is not null)
        {
            RecordJson.WriteFile(file, report.Record);
        }

        session.Report(report.Text, RecordJson.ToNode(report.Record));
        return session.ReportExcluded(report.Excluded, coefficients.Count * sampling.Options.Chains);
    }

    private static int RunTable(
        Session session,
        ExperimentConfiguration configuration,
        string path,
        ExistingRun existing,
        StudyOptions options
    )
    {
        using CheckpointCoefficientStudy study = new(configuration, options);
        using OutputFolder folder = study.Open(path, existing);
        session.InterruptionAdvice = $"give the same command with --resume to continue the study in {folder.Path}.";
        int left = study.CountLeft(folder);
        string on = study.Plan is null ? "" : $", on {string.Join(", ", study.Data)}";
        session.Say(
            $"Sampling {Counted.Of(study.Components, "component")} of {Counted.Of(study.Checkpoints.Count, "checkpoint")}, steps "
                + $"{study.Checkpoints[0].Step} to "
                + $"{study.Checkpoints[^1].Step}{on}: {Counted.Of(study.Count, "measurement")}, {study.Count - left} of them done, "
                + $"{Text((double)left * study.Evaluations)} {study.Unit[..^1]} evaluations left, into {folder.Path}."
        );
        if (left > 0)
        {
            foreach (string warning in study.CheckLossRows())
            {
                session.Warn(warning);
            }

            SayPlan(session, study.Plan, study.Machine, study.Trial, left);
        }

        CoefficientTable table = WorkProgress.Run(session, progress => study.Run(folder, progress, session.Cancellation));
        LlcStudyReport report = new(folder.Path, table, session.IsVerbose);
        session.Report(report.Text, RecordJson.ToNode(table));
        return session.ReportExcluded(report.Excluded, table.Rows.Count * configuration.Sampling.Options.Chains);
    }

    private static void SayPlan(Session session, SamplingPlan? plan, Machine machine, Func<PlanTrial?> trial, int times = 1)
    {
        if (plan is not null && session.ShowsProgress)
        {
            session.Say(PlanView.Text(plan, machine, trial(), times));
        }
    }

    private static string Text(double work) => LargeNumber.Of(work);
}

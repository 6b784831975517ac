using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Jobs;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;

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
        CurieCommand command = new(
            session,
            "llc",
            "Estimate the local learning coefficient of components: nβ times the mean rise of the loss over the localised posterior, with its "
            + "standard error and the diagnostics that say whether to trust it. Over several checkpoints or data sets it writes one table, llc.csv, into the "
            + "folder --out. The exit code is 3 if chains had to be left out.",
            "curie llc --model runs/pile --every 5 --data pile.npy --on github=github.npy --component full --component heads --out runs/pile-llc")
        {
            threads, memory, file, resume, overwrite,
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
                throw new InputException("--against compares next-token distributions, of which a regression transformer has none; leave it out.");
            }

            long limit = parsed.GetValue(memory) ?? SharedOptions.DefaultMemory;
            int workers = parsed.GetValue(threads) ?? configuration.Threads;
            if (configuration.HasCheckpoints || configuration.Study.Data.Count > 0)
            {
                string folder = parsed.GetValue(file)
                    ?? throw new InputException("several checkpoints or data sets need a folder for their table; give --out DIR.");
                ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
                return RegressionFolder.IsRegressionAt(configuration.Model)
                    ? RegressionLlc.RunStudy(session, configuration, folder, existing, workers)
                    : LlcStudy.Run(session, configuration, folder, existing, limit, workers);
            }

            return RunOne(session, configuration, limit, workers, parsed.GetValue(file), parsed.GetValue(overwrite));
        });
        return command;
    }

    private static int RunOne(Session session, ExperimentConfiguration configuration, long memory, int threads, string? file, bool overwrite)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        if (file is not null)
        {
            OutputFile.Prepare(file, overwrite);
        }

        IReadOnlyList<ComponentCoefficient> coefficients = RegressionFolder.IsRegression(configuration.Model)
            ? RegressionLlc.Run(session, configuration, threads)
            : Measure(session, configuration, memory, threads);
        LlcReport report = new(configuration, coefficients);
        if (file is not null)
        {
            AtomicFile.WriteAllText(file, report.Json.ToJsonString(Indented) + "\n");
        }

        session.Report(report.Text, report.Json);
        return session.ReportExcluded(report.Excluded, coefficients.Count * sampling.Options.Chains);
    }

    private static IReadOnlyList<ComponentCoefficient> Measure(Session session, ExperimentConfiguration configuration, long memory, int threads)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        using LoadedExperiment loaded = new(configuration.Model, sampling, []);
        using ParameterSet? against = LlcInputs.Against(configuration);
        LearningCoefficientInputs inputs = LlcInputs.Of(configuration, loaded.Model, loaded.Data, against, memory);
        using WorkerPool pool = new(threads);
        LearningCoefficientExperiment experiment = new(inputs, Kernels.FromEnvironment(), pool);
        string work = experiment.TokenEvaluations.ToString("0.##e0", CultureInfo.InvariantCulture);
        session.Say(
            $"Sampling {inputs.Components.Count} components of {configuration.Model}, {sampling.Options.Chains} chains of {sampling.Options.Draws} draws each: "
            + $"{work} token evaluations in all.");
        session.Say(PlanView.Text(experiment.Plan, Kernels.FromEnvironment(), pool));
        return WorkProgress.Run(session, "sampling", "tokens", 0, progress => experiment.Run(
            new SamplingFollower(progress, experiment.Plan, experiment.TokenEvaluations),
            session.Cancellation));
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Jobs;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;

namespace Curie.Cli.Commands;

/// <summary><c>curie llc</c>: the local learning coefficients of a model's components.</summary>
internal static class LlcCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Session session)
    {
        ExperimentOptions experiment = new();
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<string?> file = new("--out", "-o") { Description = "A file for everything that --json prints.", HelpName = "LLC.json" };
        Option<bool> overwrite = SharedOptions.Overwrite();
        CurieCommand command = new(
            session,
            "llc",
            "Estimate the local learning coefficient of components: nβ times the mean rise of the loss over the localised posterior, with its "
            + "standard error and the diagnostics that say whether to trust it. The exit code is 3 if chains had to be left out.",
            "curie llc --model runs/pile/checkpoint-50000 --data pile.npy --component full --component heads --out llc.json")
        {
            threads, memory, file, overwrite,
        };
        experiment.AddTo(command);
        command.Runs(parsed =>
        {
            ExperimentConfiguration configuration = experiment.Read(parsed);
            long limit = parsed.GetValue(memory) ?? SharedOptions.DefaultMemory;
            return Run(
                session, configuration, limit, parsed.GetValue(threads) ?? configuration.Threads, parsed.GetValue(file), parsed.GetValue(overwrite));
        });
        return command;
    }

    private static int Run(Session session, ExperimentConfiguration configuration, long memory, int threads, string? file, bool overwrite)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        sampling.Options.Validate();
        if (file is not null)
        {
            OutputFile.Prepare(file, overwrite);
        }

        using LoadedExperiment loaded = new(configuration.Model, sampling, []);
        LearningCoefficientInputs inputs = new()
        {
            Model = loaded.Model,
            Data = loaded.Data,
            Components = loaded.Components,
            Sampling = sampling.Options,
            BatchSize = sampling.BatchSize,
            Order = sampling.Order,
            LossRows = sampling.LossRows,
            Memory = memory,
        };
        using WorkerPool pool = new(threads);
        LearningCoefficientExperiment experiment = new(inputs, Kernels.FromEnvironment(), pool);
        string work = experiment.TokenEvaluations.ToString("0.##e0", CultureInfo.InvariantCulture);
        session.Say(
            $"Sampling {inputs.Components.Count} components of {configuration.Model}, {sampling.Options.Chains} chains of {sampling.Options.Draws} draws each: "
            + $"{work} token evaluations in all.");
        session.Say(PlanView.Text(experiment.Plan, Kernels.FromEnvironment(), pool));
        IReadOnlyList<ComponentCoefficient> coefficients = WorkProgress.Run(session, "sampling", "tokens", 0, progress => experiment.Run(
            new SamplingFollower(progress, experiment.Plan, experiment.TokenEvaluations),
            session.Cancellation));
        LlcReport report = new(configuration, coefficients);
        if (file is not null)
        {
            AtomicFile.WriteAllText(file, report.Json.ToJsonString(Indented) + "\n");
        }

        session.Report(report.Text, report.Json);
        return session.ReportExcluded(report.Excluded, inputs.Components.Count * sampling.Options.Chains);
    }
}

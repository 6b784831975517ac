using System.CommandLine;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Jobs;
using Curie.Cli.Output;
using Curie.Response.Runs;

namespace Curie.Cli.Commands;

/// <summary><c>curie susceptibility</c>: samples the components of a model and measures how each answers to probes.</summary>
internal static class SusceptibilityCommand
{
    public static Command Create(Session session)
    {
        Option<string> config = new("--config") { Description = "The experiment.yaml.", HelpName = "FILE", Required = true };
        Option<string> folder = SharedOptions.Out("The run folder.", "RUN");
        Option<long?> seed = SharedOptions.SeedOverride();
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<int> saveEvery = new("--save-every")
        {
            Description = "Save a component in progress after so many seconds; a run that is killed loses no more than that and one draw.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 20,
        };
        saveEvery.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int seconds) && seconds < 0)
            {
                result.AddError("--save-every must be 0 (at every draw) or more seconds.");
            }
        });
        SamplerOverrides sampler = new();
        Option<bool> control = new("--control")
        {
            Description = "Sample at nbeta 0, where the loss does not act on the chains, whatever the configuration says: a control to give to curie structure --control.",
        };
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        CurieCommand command = new(
            session,
            "susceptibility",
            "Sample the components of a model and measure how the loss of each answers to every token of the probes. The run folder gets "
            + "susceptibility.npz, which numpy.load reads, and manifest.json. The exit code is 3 if chains had to be left out.",
            "curie susceptibility --config experiment.yaml --out runs/experiment")
        {
            config, folder, seed, threads, memory, saveEvery, control, resume, overwrite,
        };
        foreach (Option option in sampler.Options)
        {
            command.Add(option);
        }

        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            ExperimentConfiguration configuration = ExperimentConfiguration.Load(parsed.GetRequiredValue(config));
            configuration = parsed.GetValue(seed) is { } other ? configuration.WithSeed(other) : configuration;
            configuration = configuration with
            {
                Sampling = configuration.Sampling with { Options = sampler.Apply(parsed, configuration.Sampling.Options) },
            };
            configuration.Sampling.Options.Validate();
            configuration = parsed.GetValue(control) ? configuration.AsControl() : configuration;
            string run = parsed.GetRequiredValue(folder);
            session.InterruptionAdvice = $"give the same command with --resume to continue the run in {run}.";
            SusceptibilityJobOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? SharedOptions.DefaultMemory,
                SaveInterval = TimeSpan.FromSeconds(parsed.GetValue(saveEvery)),
            };
            ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
            RunManifest manifest = SusceptibilityJob.Run(session, configuration, run, existing, options);
            SusceptibilityReport report = new(run, manifest);
            session.Report(report.Text, report.Json);
            return session.ReportExcluded(report.Excluded, manifest.Shape.Runs * manifest.Shape.Chains);
        });
        return command;
    }
}

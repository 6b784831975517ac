using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Linearity;
using Curie.Studies;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary>
/// <c>curie perturb</c>: perturbs the posteriors of a finished run and sets what changes beside the derivatives that it estimated.
/// </summary>
internal static class PerturbCommand
{
    private static readonly double[] DefaultShares = [0.01, 0.03, 0.1, 0.3];

    public static Command Create(Session session)
    {
        Argument<string> run = new("RUN") { Description = "A folder that curie susceptibility wrote." };
        Option<string> probe = new("--probe")
        {
            Description = "The probe of the run that is mixed into the data.",
            HelpName = "NAME",
            Required = true,
        };
        Option<string[]> components = new("--components")
        {
            Description = "The components, such as l0h1,l1h1,full; by default all of which the run holds a covariance.",
            HelpName = "NAMES",
            CustomParser = result => Items(result.Tokens[0].Value),
        };
        Option<double[]> shares = new("--shares")
        {
            Description =
                $"The shares h of the probe, ascending, at most {PerturbationInputs.MostShares}; "
                + $"{string.Join(',', DefaultShares.Select(Text))} by default.",
            HelpName = "SHARES",
            CustomParser = ParseShares,
        };
        Option<string?> config = new("--config")
        {
            Description =
                "An experiment.yaml that says where the model and the rows of the run are, if they are no longer where the run's "
                + "manifest has them; nothing else of it is read.",
            HelpName = "FILE",
        };
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<string?> file = new("--out", "-o") { Description = "Also write the table into this file.", HelpName = "FILE.csv" };
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "perturb",
            "Check that the covariance of a finished run is a linear response: sample the posterior for data of which a share h is the "
                + "probe's, beside the run's chains with the same noise and minibatches, and compare what changes with the run's "
                + "derivatives at h = 0. "
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"The exit code is {ExitCode.ValidationFailed} if the smallest share disagrees by more than "
                        + $"{PerturbedComponent.LargestDisagreement} combined errors."
                ),
            "curie perturb runs/chi --probe repeats --components l0h1,l1h1"
        )
        {
            run,
            probe,
            components,
            shares,
            config,
            threads,
            memory,
            file,
            overwrite,
        };
        command.Runs(parsed =>
        {
            string? path = parsed.GetValue(file);
            string folder = parsed.GetRequiredValue(run);
            if (path is not null)
            {
                OutputFile.Prepare(
                    path,
                    parsed.GetValue(overwrite),
                    [folder, .. parsed.GetValue(config) is { } given ? (string[])[given] : []]
                );
            }

            string name = parsed.GetRequiredValue(probe);
            PerturbationOptions options = new()
            {
                Probe = name,
                Components = parsed.GetValue(components) ?? [],
                Shares = parsed.GetValue(shares) is { Length: > 0 } chosen ? chosen : DefaultShares,
                Configuration = parsed.GetValue(config),
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? StudyOptions.DefaultMemory,
            };
            IReadOnlyList<PerturbedComponent> perturbed = Perturb(session, folder, options);
            PerturbationReport report = new(name, perturbed);
            if (path is not null)
            {
                AtomicFile.WriteAllText(path, report.Csv);
            }

            session.Report(report.Text, report.Json);
            int excluded = session.ReportExcluded(report.Excluded, perturbed.Sum(component => component.Trace.Count));
            return report.Contradiction is { } sentence ? Contradicted(session, sentence) : excluded;
        });
        return command;
    }

    private static IReadOnlyList<PerturbedComponent> Perturb(Session session, string folder, PerturbationOptions options)
    {
        using PerturbationStudy study = new(folder, options);
        session.Say(
            "Perturbing the posteriors of "
                + $"{string.Join(", ", study.Plan.Groups.SelectMany(group => group.Components).Select(component => component.Name))} by "
                + $"{options.Probe} at {Counted.Of(options.Shares.Count, "share")}, beside the {Counted.Of(study.Chains, "chain")} "
                + $"of {folder}."
        );
        if (session.ShowsProgress)
        {
            session.Say(PlanView.Text(study.Plan, study.Machine, study.Trial));
        }

        return WorkProgress.Run(session, progress => study.Run(progress, session.Cancellation));
    }

    private static int Contradicted(Session session, string sentence)
    {
        session.Terminal.Error.WriteLine($"curie: {sentence}");
        return ExitCode.ValidationFailed;
    }

    private static double[]? ParseShares(ArgumentResult result)
    {
        List<double> shares = [];
        foreach (string item in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out double share))
            {
                result.AddError(
                    $"'{item}' is not a share; write numbers between 0 and 1 with commas, such as "
                        + $"{string.Join(',', DefaultShares.Select(Text))}."
                );
                return null;
            }

            shares.Add(share);
        }

        return [.. shares];
    }

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Text(double share) => share.ToString("R", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Agreement;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie structure</c>: the response matrix of a run, its modes, and the tokens at their ends.</summary>
internal static class StructureCommand
{
    public static Command Create(Session session)
    {
        AnalysisOptions defaults = new();
        Argument<string> run = new("RUN") { Description = "A folder that curie susceptibility wrote." };
        Option<string?> part = PartOption.Create("to show");
        Option<string> centring = new("--centring")
        {
            Description =
                "How the modes are centred: head (less each component's mean), head-token (less each token's mean over components too), "
                + "z-score, z-score-token, or whitened.",
            HelpName = "WORD",
            DefaultValueFactory = _ => defaults.Centring.Name(),
        };
        centring.AcceptOnlyFromAmong([.. Centrings.All.Select(Centrings.Name)]);
        Option<bool> withoutFull = new("--without-f")
        {
            Description = "Take the full run's shift, which all components share, out of the modes.",
        };
        Option<string?> probe = new("--probe") { Description = "Factor the tokens of this probe alone.", HelpName = "NAME" };
        Option<string?> patterns = new("--patterns")
        {
            Description = "Token patterns in place of the defaults, which curie patterns prints.",
            HelpName = "FILE",
        };
        Option<int> modes = Count("--modes", "Modes per group.", 1, defaults.Modes);
        Option<int> tokens = Count("--tokens", "Tokens at each end of a mode.", 0, defaults.Tokens);
        Option<int> before = Count("--before", "Tokens of context before the predicted token.", 0, defaults.Before);
        Option<int> after = Count("--after", "Tokens of context after it.", 0, defaults.After);
        Option<string?> model = new("--model")
        {
            Description = "A folder with the model's tokenizer, in place of the one that the run names.",
            HelpName = "DIR",
        };
        Option<string?> control = new("--control")
        {
            Description =
                "A folder that curie susceptibility --control wrote with the same configuration: also say how much of the structure is "
                + "there without the loss.",
            HelpName = "RUN",
        };
        Option<string?> against = new("--against")
        {
            Description =
                "A run on the same tokens of a model trained with another seed: also say which of its heads and modes are the "
                + "counterparts of this run's.",
            HelpName = "RUN",
        };
        Option<string?> mixture = new("--mixture")
        {
            Description =
                "A run of the same configuration in which curie mix had mixed every probe into the base text: also compare its response "
                + "with the mean over the probe's tokens.",
            HelpName = "RUN",
        };
        Option<string?> compare = new("--compare")
        {
            Description =
                "A run of the same model on the same tokens, such as one with covariance: product: also say whether its covariances are "
                + "those of this run, by their slope over tokens.",
            HelpName = "RUN",
        };
        Option<double> rate = new("--mixture-rate")
        {
            Description = "The --rate of curie mix.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => defaults.MixtureRate,
        };
        Option<string?> influence = new("--influence")
        {
            Description =
                "Also show the tokens whose losses move most with that of one token, given by probe, row and position as in tokens.csv.",
            HelpName = "PROBE:ROW:POSITION",
        };
        Option<string[]> influenceOf = new("--influence-component")
        {
            Description = "A component, or full, from whose draws influences are made, in place of all but full; may be repeated.",
            HelpName = "NAME",
        };
        Option<int> map = Count("--map", "The most tokens on the map of tokens; 0 for no map.", 0, defaults.MapTokens);
        Option<string?> csv = new("--csv")
        {
            Description = "Also write response.csv, modes.csv, tokens.csv and the tables of the analysis into this folder.",
            HelpName = "DIR",
        };
        Option<bool> values = new("--values")
        {
            Description = "With --csv: also write values.csv, the part of every component at every token, a line for each token.",
        };
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "structure",
            "Show the structure in a finished run: the response of every component to every probe, its modes, and the tokens at their "
                + "ends in context. Of a folder of runs, list them, a line each.",
            "curie structure runs/chi --modes 2 --csv runs/chi-tables"
        )
        {
            run,
            part,
            centring,
            withoutFull,
            probe,
            patterns,
            modes,
            tokens,
            before,
            after,
            model,
            control,
            against,
            mixture,
            rate,
            compare,
            influence,
            influenceOf,
            map,
            csv,
            values,
            overwrite,
            takeOver,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(values) && result.GetValue(csv) is null)
            {
                result.AddError("--values writes a table into the folder of --csv; give --csv DIR as well.");
            }
        });
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(run);
            if (RunListing.Find(path) is { Count: > 0 } runs)
            {
                RunListing listing = RunListing.Of(path, runs);
                ReportConsole.Report(session, listing.ToJson, listing.Draw);
                return ExitCode.Done;
            }

            SusceptibilityRun data = RunFolder.Read(path);
            SusceptibilityRun? without = Other(parsed.GetValue(control));
            CovarianceAgreement? agreement = parsed.GetValue(compare) is { } compared ? Agreement(path, data, compared) : null;
            using ProbeText text = ProbeText.Open(data, parsed.GetValue(model));
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(csv));
            using OutputFolder? folder = parsed.GetValue(csv) is { } tables
                ? OutputFolder.Open(
                    tables,
                    SharedOptions.Existing(resume: false, parsed.GetValue(overwrite)),
                    canResume: false,
                    [path, .. new[] { control, compare, model }.Select(parsed.GetValue).OfType<string>()]
                )
                : null;
            StructureReport report = new(
                data,
                text,
                new AnalysisOptions
                {
                    Part = PartOption.Of(parsed.GetValue(part), data),
                    Centring = Centrings.Parse(parsed.GetRequiredValue(centring)),
                    WithoutFullShift = parsed.GetValue(withoutFull),
                    Probe = parsed.GetValue(probe) is { } chosen ? ProbeOf(data, chosen) : null,
                    Patterns = parsed.GetValue(patterns),
                    MapTokens = parsed.GetValue(map),
                    Influence = parsed.GetValue(influence) is { } place ? TokenPlace.Find(data, place) : null,
                    InfluenceComponents = parsed.GetValue(influenceOf) ?? [],
                    MixtureRate = parsed.GetValue(rate),
                    Modes = parsed.GetValue(modes),
                    Tokens = parsed.GetValue(tokens),
                    Before = parsed.GetValue(before),
                    After = parsed.GetValue(after),
                },
                without,
                Other(parsed.GetValue(against)),
                Other(parsed.GetValue(mixture)),
                agreement
            );
            report.Store(path);
            if (folder is not null)
            {
                foreach ((string name, string table) in report.Tables)
                {
                    AtomicFile.WriteAllText(folder.FilePath(name), table);
                }

                if (parsed.GetValue(values))
                {
                    AtomicFile.Write(folder.FilePath("values.csv"), report.WriteValues);
                }
            }

            ReportConsole.Report(session, report.ToJson, session.IsVerbose ? report.Draw : report.DrawShort);
            return ExitCode.Done;
        });
        return command;
    }

    private static SusceptibilityRun? Other(string? folder) => folder is null ? null : RunFolder.Read(folder);

    /// <summary>
    /// Compares covariances; the configurations, of which a scan's is another kind, are read only once the runs are known to be comparable.
    /// </summary>
    private static CovarianceAgreement Agreement(string path, SusceptibilityRun run, string otherPath)
    {
        SusceptibilityRun other = RunFolder.Read(otherPath);
        CovarianceAgreement.Require(run, other);
        return CovarianceAgreement.Of(Compared(path, run), Compared(otherPath, other));
    }

    private static ComparedRun Compared(string folder, SusceptibilityRun run) =>
        new(run, ExperimentConfiguration.Of(run.Manifest.Configuration, Path.Combine(folder, "manifest.json")).Sampling.Options);

    private static int ProbeOf(SusceptibilityRun run, string name)
    {
        int probe = run.Manifest.ProbeNames.ToList().IndexOf(name);
        return probe >= 0
            ? probe
            : throw new InputException($"the run has no probe named {name}; it has {string.Join(", ", run.Manifest.ProbeNames)}.");
    }

    private static Option<int> Count(string name, string description, int least, int standard)
    {
        Option<int> option = new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(SharedOptions.AtLeast(least));
        return option;
    }
}

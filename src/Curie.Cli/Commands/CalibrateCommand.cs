using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Sampling.Calibration;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary><c>curie calibrate</c>: searches for one setting of the sampler for all components.</summary>
internal static class CalibrateCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Session session)
    {
        CalibrationGrid defaults = new();
        CalibrationEffort effort = new();

        // What it writes is copied into configurations, whose rows are better random ones.
        ExperimentOptions experiment = new(lossRowsChoice: RowChoice.Random);
        Option<double[]> localizations = List("--localizations", "γ", defaults.Localizations);
        Option<double[]> lossShares = List("--loss-shares", "nβ/γ", defaults.LossShares);
        Option<double[]> steps = List("--steps", "ε·γ, below 2,", defaults.Steps);
        Option<double[]> nbetas = List("--nbetas", "nβ", [10, 30, 100], "in the place of --loss-shares");
        Option<double[]> stepSizes = List("--step-sizes", "ε", [1e-4, 3e-4, 1e-3], "in the place of --steps");
        Option<int> effectiveDraws = new("--effective-draws")
        {
            Description =
                "The independent draws, all chains together, with which the best settings are measured: at about "
                + $"{effort.EffectiveDraws}, the default, split R-hat says what it does of a long run.",
            HelpName = "N",
            DefaultValueFactory = _ => effort.EffectiveDraws,
        };
        Option<bool> noFull = new("--no-full") { Description = "Leave out full, which is otherwise among the components." };
        Option<bool> noResponse = new("--no-response")
        {
            Description = "Judge settings by the learning coefficients alone, without coupled chains for the error of the response.",
        };
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<string?> file = new("--out", "-o")
        {
            Description = "A file for everything that --json prints.",
            HelpName = "CALIBRATION.json",
        };
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "calibrate",
            "Search for a step size, nβ and localisation that suit all components: a coarse pass over a grid leaves out what is clearly "
                + "bad, the most promising settings are measured at length and judged as a run is, and of the sound ones the one is "
                + "recommended where sampling adds most to the covariance beyond the no-loss control. Without --component it takes full, "
                + "a head of each layer and an MLP. Refuses, with exit code 5, when no setting is sound for all.",
            "curie calibrate --model model/checkpoint-1000 --data train.npy --component l0h0 --component l1h3 --loss-rows 16"
        )
        {
            localizations,
            lossShares,
            steps,
            nbetas,
            stepSizes,
            effectiveDraws,
            noFull,
            noResponse,
            threads,
            memory,
            file,
            overwrite,
        };
        experiment.AddTo(command);
        command.Validators.Add(RefuseBoth(nbetas, lossShares));
        command.Validators.Add(RefuseBoth(stepSizes, steps));
        command.Runs(parsed =>
        {
            CalibrationGrid grid = new()
            {
                Localizations = Given(localizations) ?? defaults.Localizations,
                LossShares = Given(lossShares) ?? defaults.LossShares,
                Steps = Given(steps) ?? defaults.Steps,
                NBetas = Given(nbetas),
                StepSizes = Given(stepSizes),
            };
            ExperimentConfiguration configuration = experiment.Read(parsed);
            configuration = configuration with
            {
                Sampling = configuration.Sampling with
                {
                    Components = Components(experiment.Components(parsed), configuration.Model, parsed.GetValue(noFull)),
                },
            };
            if (parsed.GetValue(file) is { } path)
            {
                OutputFile.Prepare(path, parsed.GetValue(overwrite), experiment.Inputs(parsed, configuration));
            }

            StudyOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? StudyOptions.DefaultMemory,
            };
            using CalibrationStudy study = new(
                configuration,
                grid,
                !parsed.GetValue(noResponse),
                options,
                effort with
                {
                    EffectiveDraws = parsed.GetValue(effectiveDraws),
                }
            );
            string? whyNoResponse = parsed.GetValue(noResponse) ? "--no-response was given" : study.WhyNoResponse;
            CalibrationReport report = Search(session, study, cells => new CalibrationReport(
                configuration,
                cells,
                whyNoResponse,
                session.IsVerbose,
                session.Cancellation.IsCancellationRequested
            ));
            if (parsed.GetValue(file) is { } written)
            {
                AtomicFile.WriteAllText(written, report.Json.ToJsonString(Indented) + "\n");
            }

            session.Report(report.Text, report.Json);
            session.InterruptionAdvice = "what was measured is above; nothing is recommended.";
            session.Cancellation.ThrowIfCancellationRequested();
            return report.Advice.Cell is null ? ExitCode.NoSoundSetting : ExitCode.Done;

            IReadOnlyList<double>? Given(Option<double[]> list) => parsed.GetValue(list) is { Length: > 0 } values ? values : null;
        });
        return command;
    }

    /// <summary>`full` and what is named, or a few that differ.</summary>
    private static string[] Components(IReadOnlyList<string> named, string model, bool noFull)
    {
        IReadOnlyList<string> all = named.Count > 0 ? [Component.FullName, .. named] : CalibrationStudy.FewThatDiffer(model);
        string[] chosen = [.. all.Where(name => !noFull || name != Component.FullName)];
        return chosen.Length > 0 ? chosen : throw new InputException("--no-full leaves no component; name one by --component.");
    }

    /// <summary>Searches; a search that is stopped is reported as far as it went.</summary>
    private static CalibrationReport Search(
        Session session,
        CalibrationStudy study,
        Func<IReadOnlyList<CalibrationCell>, CalibrationReport> report
    )
    {
        try
        {
            study.Prepare(session.Cancellation);
            session.Warn(study.CheckLossRows());
            if (session.ShowsProgress)
            {
                session.Say(Announcement(study));
            }

            return report(WorkProgress.Run(session, progress => study.Run(progress, session.Cancellation)));
        }
        catch (OperationCanceledException) when (session.Cancellation.IsCancellationRequested)
        {
            return report(study.Cells);
        }
    }

    private static string Announcement(CalibrationStudy study)
    {
        (TimeSpan coarse, TimeSpan full) = study.Time();
        string what =
            $"Searching {Counted.Of(study.Cells.Count, "setting")} on {string.Join(", ", study.Components)}"
            + (study.Candidates < study.Cells.Count ? $"; {study.Candidates} of them may be sound" : "");
        string response = study.WhyNoResponse is null ? ", with coupled chains for the response" : "";
        string together = WorkTime.Words(coarse + full);
        string stages =
            coarse > TimeSpan.Zero
                ? $"{together}: {WorkTime.Words(coarse)} for a coarse pass, {WorkTime.Words(full)} for the best at length; up to "
                    + $"{study.MostRounds - 1} times more for others while none is sound, "
                    + $"about {WorkTime.Words(coarse + (study.MostRounds * full))} in all"
                : $"about {together}";
        return $"{what}{response}: {stages} (as tried now, if nothing else runs).";
    }

    private static Action<CommandResult> RefuseBoth(Option<double[]> one, Option<double[]> other) =>
        result =>
        {
            if (result.GetResult(one) is not null && result.GetResult(other) is not null)
            {
                result.AddError($"{one.Name} takes the place of {other.Name}; give one of the two.");
            }
        };

    private static Option<double[]> List(string name, string symbol, IReadOnlyList<double> values, string? instead = null)
    {
        string example = string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        Option<double[]> option = new(name)
        {
            Description = instead is null
                ? $"The values of {symbol} to try, ascending; {example} by default."
                : $"The values of {symbol} to try, ascending, {instead}, such as {example}.",
            HelpName = "X,X,…",
        };
        option.CustomParser = result => Parse(result, example);
        return option;
    }

    private static double[] Parse(ArgumentResult result, string example)
    {
        List<double> values = [];
        foreach (string word in result.Tokens[0].Value.Split(','))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                result.AddError(
                    $"{((OptionResult)result.Parent!).Option.Name} is '{result.Tokens[0].Value}'; give numbers with commas between them, "
                        + $"such as {example}."
                );
                return [];
            }

            values.Add(value);
        }

        return [.. values];
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary><c>curie calibrate</c>: tries settings of the sampler on some components and recommends one for all.</summary>
internal static class CalibrateCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Session session)
    {
        CalibrationGrid defaults = new();
        // What it writes is copied into configurations, whose rows are better random ones.
        ExperimentOptions experiment = new(lossRowsChoice: RowChoice.Random);
        Option<double[]> stepSizes = List("--step-sizes", "ε", defaults.StepSizes);
        Option<double[]> nbetas = List("--nbetas", "nβ", defaults.NBetas);
        Option<double[]> localizations = List("--localizations", "γ", defaults.Localizations);
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
            "Try step sizes, nβ and localisations on some components, several settings side by side, show what each gives and how well "
                + "the response is seen, and recommend one setting for all components with reasons. Refuses, with exit code 5, when none "
                + "is sound. Give a few components that differ, few loss rows and few draws.",
            "curie calibrate --model model/checkpoint-1000 --data train.npy --component l0h0 --component l1h3 --draws 50 --burn-in 100 "
                + "--loss-rows 16"
        )
        {
            stepSizes,
            nbetas,
            localizations,
            noResponse,
            threads,
            memory,
            file,
            overwrite,
        };
        experiment.AddTo(command);
        command.Runs(parsed =>
        {
            CalibrationGrid grid = new()
            {
                StepSizes = parsed.GetValue(stepSizes) is { Length: > 0 } givenSteps ? givenSteps : defaults.StepSizes,
                NBetas = parsed.GetValue(nbetas) is { Length: > 0 } givenBetas ? givenBetas : defaults.NBetas,
                Localizations = parsed.GetValue(localizations) is { Length: > 0 } givenLocalizations
                    ? givenLocalizations
                    : defaults.Localizations,
            };
            ExperimentConfiguration configuration = experiment.Read(parsed);
            if (parsed.GetValue(file) is { } path)
            {
                OutputFile.Prepare(path, parsed.GetValue(overwrite), experiment.Inputs(parsed, configuration));
            }

            StudyOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? StudyOptions.DefaultMemory,
            };
            CalibrationReport report = Calibrate(session, configuration, grid, !parsed.GetValue(noResponse), options);
            if (parsed.GetValue(file) is { } written)
            {
                AtomicFile.WriteAllText(written, report.Json.ToJsonString(Indented) + "\n");
            }

            session.Report(report.Text, report.Json);
            return report.Advice.Cell is null ? ExitCode.NoSoundSetting : ExitCode.Done;
        });
        return command;
    }

    private static CalibrationReport Calibrate(
        Session session,
        ExperimentConfiguration configuration,
        CalibrationGrid grid,
        bool withResponse,
        StudyOptions options
    )
    {
        using CalibrationStudy study = new(configuration, grid, withResponse, options);
        SamplingOptions sampling = configuration.Sampling.Options;
        session.Say(
            $"Trying {Counted.Of(grid.Count, "setting")} on {Counted.Of(study.Components, "component")} of {configuration.Model}, "
                + $"{Counted.Of(sampling.Chains, "chain")} of "
                + $"{Counted.Of(sampling.Draws, "draw")} each"
                + (study.WhyNoResponse is not null ? "." : ", and as many coupled ones for the response.")
        );
        session.Warn(study.CheckLossRows());
        IReadOnlyList<CalibrationCell> cells = WorkProgress.Run(session, progress => study.Run(progress, session.Cancellation));
        return new CalibrationReport(configuration, cells, withResponse ? study.WhyNoResponse : "--no-response was given");
    }

    private static Option<double[]> List(string name, string symbol, IReadOnlyList<double> defaults)
    {
        string example = string.Join(',', defaults.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        Option<double[]> option = new(name)
        {
            Description = $"The values of {symbol} to try, ascending; {example} by default.",
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

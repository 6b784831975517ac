using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Numerics.Files;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Cli.Commands;

/// <summary><c>curie structure</c>: the response matrix of a run, its modes, and the tokens at their ends.</summary>
internal static class StructureCommand
{
    public static Command Create(Session session)
    {
        StructureOptions defaults = new();
        Argument<string> run = new("RUN") { Description = "A folder that curie susceptibility wrote." };
        Option<string> part = new("--part")
        {
            Description = "The part of the response to show: chi, or one of its terms (covariance, renormalization), or the shift of the losses.",
            HelpName = "PART",
            DefaultValueFactory = _ => defaults.Part.Name(),
        };
        part.AcceptOnlyFromAmong([.. ResponseParts.All.Select(ResponseParts.Name)]);
        Option<int> modes = Count("--modes", "Modes per group.", 1, defaults.Modes);
        Option<int> tokens = Count("--tokens", "Tokens at each end of a mode.", 0, defaults.Tokens);
        Option<int> before = Count("--before", "Tokens of context before the predicted token.", 0, defaults.Before);
        Option<int> after = Count("--after", "Tokens of context after it.", 0, defaults.After);
        Option<string?> model = new("--model")
        {
            Description = "A folder with the model's tokenizer.json, in place of the one that the run names.",
            HelpName = "DIR",
        };
        Option<string?> control = new("--control")
        {
            Description = "A folder that curie susceptibility --control wrote with the same configuration: also say how much of the structure is there without the loss.",
            HelpName = "RUN",
        };
        Option<string?> csv = new("--csv") { Description = "Also write response.csv, modes.csv and tokens.csv into this folder.", HelpName = "DIR" };
        Option<bool> overwrite = SharedOptions.Overwrite();
        CurieCommand command = new(
            session,
            "structure",
            "Show the structure in a finished run: the response of every component to every probe, its modes, and the tokens at their ends in context.",
            "curie structure runs/chi --modes 2 --csv runs/chi-tables")
        {
            run, part, modes, tokens, before, after, model, control, csv, overwrite,
        };
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(run);
            SusceptibilityRun data = RunFolder.Read(path);
            SusceptibilityRun? without = parsed.GetValue(control) is { } other ? RunFolder.Read(other) : null;
            using ProbeText text = ProbeText.Open(data, parsed.GetValue(model));
            OutputFolder? folder = parsed.GetValue(csv) is { } tables
                ? OutputFolder.Open(tables, parsed.GetValue(overwrite) ? ExistingRun.Overwrite : ExistingRun.Refuse)
                : null;
            StructureReport report = new(data, text, new StructureOptions
            {
                Part = ResponseParts.Parse(parsed.GetRequiredValue(part)),
                Modes = parsed.GetValue(modes),
                Tokens = parsed.GetValue(tokens),
                Before = parsed.GetValue(before),
                After = parsed.GetValue(after),
            }, without);
            report.Store(path);
            if (folder is not null)
            {
                AtomicFile.WriteAllText(folder.FilePath("response.csv"), report.ResponseCsv);
                AtomicFile.WriteAllText(folder.FilePath("modes.csv"), report.ModesCsv);
                AtomicFile.WriteAllText(folder.FilePath("tokens.csv"), report.TokensCsv);
            }

            ReportConsole.Report(session, report.ToJson, report.Draw);
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<int> Count(string name, string description, int least, int standard)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < least)
            {
                result.AddError($"{name} must be {least} or more.");
            }
        });
        return option;
    }
}

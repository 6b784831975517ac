using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Page;
using Curie.Sampling.Networks;
using Curie.Studies.Designs;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie report</c>: finished runs and the development of a model as one HTML page.</summary>
internal static class ReportCommand
{
    public static Command Create(Session session)
    {
        Argument<string[]> runs = new("RUN")
        {
            Description =
                "Folders that curie susceptibility or curie scan wrote: one, or those of several checkpoints with the same components and "
                + "probes, or the folder that holds them, whose response the page follows over training and whose text it replays; or "
                + "any two, which stand side by side, the second shown in full.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> stages = new("--stages")
        {
            Description = "A folder that curie stages wrote: learning coefficients, clusters and trajectory over training.",
            HelpName = "DIR",
        };
        Option<string?> scores = new("--scores")
        {
            Description =
                "A folder that curie scores over checkpoints, or curie regression evaluate, wrote; needs --stages, or runs of several "
                + "checkpoints.",
            HelpName = "DIR",
        };
        Option<string?> design = new("--design")
        {
            Description = "Weights that curie design wrote for the run, the last of several: what they move, and which text has them.",
            HelpName = "WEIGHTS.npy",
        };
        Option<string> path = SharedOptions.Out("The page, an HTML file.", "FILE.html");
        Option<string?> model = new("--model")
        {
            Description = "A folder with the model's tokenizer, in place of the one that the run names.",
            HelpName = "DIR",
        };
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "report",
            "Write finished runs, or the development of a model over training, or both, as one HTML page that needs no network: the "
                + "response matrix, the text token by token, modes, a map of tokens, the traces; learning coefficients, clusters of "
                + "heads, scores and the trajectory over log step. It shows the intervals and nulls that curie structure kept in the run "
                + "folder.",
            "curie report runs/chi --stages runs/stages --scores runs/scores --out report.html"
        )
        {
            runs,
            stages,
            scores,
            design,
            path,
            model,
            overwrite,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(runs) is not { Length: > 0 } && result.GetValue(stages) is null)
            {
                result.AddError(
                    "Nothing to show: give a run folder of curie susceptibility, or --stages with a folder of curie stages, or both."
                );
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(design) is not null && result.GetValue(runs) is not { Length: > 0 })
            {
                result.AddError("--design needs the run that the weights were designed from: give its folder.");
            }
        });
        command.Runs(parsed =>
        {
            string file = parsed.GetRequiredValue(path);
            ReportPage.RequireTemplate();
            OutputFile.Prepare(
                file,
                parsed.GetValue(overwrite),
                [
                    .. parsed.GetValue(runs) ?? [],
                    .. new[] { stages, scores, design, model }.Select(parsed.GetValue).OfType<string>(),
                    .. parsed.GetValue(design) is { } weights ? (string[])[DesignRecord.PathBeside(weights)] : [],
                ]
            );
            PagePayload payload = PagePayload.Of(
                parsed.GetValue(runs) ?? [],
                parsed.GetValue(model),
                parsed.GetValue(stages),
                parsed.GetValue(scores),
                parsed.GetValue(design)
            );
            long bytes = ReportPage.Write(file, payload);
            session.Report(
                $"{file}: {SamplingPlan.Size(bytes)}; open it in a browser.",
                new JsonObject { ["page"] = file, ["bytes"] = bytes }
            );
            return ExitCode.Done;
        });
        return command;
    }
}

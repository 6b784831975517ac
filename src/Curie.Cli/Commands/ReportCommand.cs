using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Page;
using Curie.Response.Runs;
using Curie.Sampling.Networks;

namespace Curie.Cli.Commands;

/// <summary><c>curie report</c>: a finished run as one HTML page.</summary>
internal static class ReportCommand
{
    public static Command Create(Session session)
    {
        Argument<string> run = new("RUN") { Description = "A folder that curie susceptibility wrote." };
        Option<string> path = SharedOptions.Out("The page, an HTML file.", "FILE.html");
        Option<string?> model = new("--model")
        {
            Description = "A folder with the model's tokenizer.json, in place of the one that the run names.",
            HelpName = "DIR",
        };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace the file if it exists." };
        CurieCommand command = new(
            session,
            "report",
            "Write a finished run as one HTML page that needs no network: the response matrix, the text token by token, modes, a map of tokens, and the traces. "
            + "It shows the intervals and nulls that curie structure kept in the run folder.",
            "curie report runs/chi --out report.html")
        {
            run, path, model, overwrite,
        };
        command.Runs(parsed =>
        {
            string file = parsed.GetRequiredValue(path);
            string folder = parsed.GetRequiredValue(run);
            ReportPage.RequireTemplate();
            OutputFile.Prepare(file, parsed.GetValue(overwrite));
            SusceptibilityRun data = RunFolder.Read(folder);
            using ProbeText text = ProbeText.Open(data, parsed.GetValue(model));
            long bytes = ReportPage.Write(file, folder, data, text);
            session.Report(
                $"{file}: {SamplingPlan.Size(bytes)}; open it in a browser.",
                new JsonObject { ["page"] = file, ["bytes"] = bytes });
            return ExitCode.Done;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Numerics;
using Curie.Studies.Folders;
using Curie.Text.Packing;

namespace Curie.Cli.Commands;

/// <summary>
/// <c>curie mix</c>: a probe's rows inserted evenly into base text, whose response checks the mean over the probe's tokens.
/// </summary>
internal static class MixCommand
{
    private const double PublishedRate = 0.1;

    public static Command Create(Session session)
    {
        Argument<string> baseRows = new("BASE") { Description = "The rows of the base text, such as sampling.data." };
        Argument<string> probeRows = new("PROBE") { Description = "The rows of the probe." };
        Option<double> rate = new("--rate")
        {
            Description = "δh, the share of probe rows.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => PublishedRate,
        };
        Option<int> most = new("--rows") { Description = "The most rows to write; 0 for as many as there are.", HelpName = "N" };
        Option<string> file = SharedOptions.Out("The file for the rows.", "ROWS.npy");
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "mix",
            "Insert the rows of a probe evenly into base text. An experiment on such mixtures, under the probes' names, is what curie "
                + "structure --mixture compares with.",
            "curie mix pile.npy github.npy --rate 0.1 --rows 1600 --out github-mixed.npy"
        )
        {
            baseRows,
            probeRows,
            rate,
            most,
            file,
            overwrite,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(most) < 0)
            {
                result.AddError("--rows must be 0 or more.");
            }
        });
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            OutputFile.Prepare(path, parsed.GetValue(overwrite), parsed.GetRequiredValue(baseRows), parsed.GetRequiredValue(probeRows));
            using TokenRows text = TokenRows.Load(parsed.GetRequiredValue(baseRows));
            using TokenRows probe = TokenRows.Load(parsed.GetRequiredValue(probeRows));
            double share = parsed.GetValue(rate);
            using TokenRows mixed = Mixture.Rows(text, probe, share, parsed.GetValue(most));
            mixed.Save(path);
            int inserted = Mixture.ProbeRows(mixed.Count, share);
            session.Report(
                $"{path}: {Counted.Of(mixed.Count, "row")}, {inserted} of them the probe's",
                new JsonObject
                {
                    ["path"] = path,
                    ["rows"] = mixed.Count,
                    ["probe_rows"] = inserted,
                }
            );
            return ExitCode.Done;
        });
        return command;
    }
}

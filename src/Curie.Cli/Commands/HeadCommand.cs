using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Development.Roles;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;

namespace Curie.Cli.Commands;

/// <summary><c>curie head</c>: everything that a run knows about one component.</summary>
internal static class HeadCommand
{
    private const int DefaultTokens = 5;

    public static Command Create(Session session)
    {
        Argument<string> run = new("RUN") { Description = "A folder that curie susceptibility or curie scan wrote." };
        Argument<string> head = new("HEAD") { Description = "A head, or another component of the run, such as l1h1." };
        Option<string?> model = new("--model")
        {
            Description = "A folder with the model and its tokenizer, in place of the one that the run names.",
            HelpName = "DIR",
        };
        Option<string[]> against = new("--against")
        {
            Description = "A run on the same tokens, such as one of another seed, in which the head's twin is sought; may be repeated.",
            HelpName = "RUN",
        };
        Option<int> tokens = new("--tokens")
        {
            Description = "Tokens that the head expresses and suppresses, of each.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultTokens,
        };
        tokens.Validators.Add(SharedOptions.AtLeast(0));
        CurieCommand command = new(
            session,
            "head",
            "Show everything that a run knows about one head: its learning coefficient, what it attends to, the tokens that it expresses "
                + "and suppresses in their text, its place in the modes, how much of it the control has too, and its twins in "
                + "other runs, all with errors. What was not measured yet is measured now, or named.",
            "curie head runs/chi l1h1 --tokens 8"
        )
        {
            run,
            head,
            model,
            against,
            tokens,
        };
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(run);
            SusceptibilityRun data = RunFolder.Read(path);
            using ProbeText text = ProbeText.Open(data, parsed.GetValue(model));
            (AttentionRoles? roles, string? reason) = Roles(path, data, parsed.GetValue(model));
            HeadCard card = HeadCard.Of(
                data,
                parsed.GetRequiredValue(head),
                new HeadCardSources
                {
                    Roles = roles,
                    NoScores = reason,
                    Measures = RunRoles.Measures(path),
                    Others = [.. (parsed.GetValue(against) ?? []).Select(other => (other, RunFolder.Read(other)))],
                    Tokens = parsed.GetValue(tokens),
                }
            );
            HeadCardView view = new(card, text);
            ReportConsole.Report(session, view.ToJson, console => view.Draw(console));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>
    /// What heads attend to: as kept, or else measured now; a model that is gone or damaged is said, and the rest is shown.
    /// </summary>
    private static (AttentionRoles? Roles, string? Reason) Roles(string path, SusceptibilityRun run, string? model)
    {
        if (RunRoles.Find(path) is { } kept)
        {
            return (kept, null);
        }

        try
        {
            using Machine machine = Machine.Create(0);
            return (RunRoles.Measure(run, model, RunRoles.DefaultSamples, RunRoles.Seed(run), machine), null);
        }
        catch (InputException error)
        {
            return (null, $"What it attends to is not known: {OptionWords.Of(error.Message)}");
        }
    }
}

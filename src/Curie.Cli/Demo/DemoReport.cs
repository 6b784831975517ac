using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Effects;
using Curie.Development.Scores;
using Curie.Numerics.Statistics;
using Curie.Page;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Demo;

/// <summary>What the demo shows at its end.</summary>
internal sealed class DemoReport(
    DemoSettings settings,
    DemoFolder folder,
    DemoMeasurements before,
    DemoMeasurements after,
    SusceptibilityRun run,
    ProbeText text,
    StructureReport structure,
    HeadMeasures measures,
    SusceptibilityRun? control,
    Conclusion? first
)
{
    private const int RoleModes = 2;
    private const int TokensPerSide = 5;
    private const int ShortTokens = 3;
    private const int ContextBefore = 12;
    private const int ContextAfter = 3;

    // The second copy counts as learnt below half the first one's loss.
    private const double LearntShare = 0.5;

    private readonly RunFindings _found = new(run, after.Roles, control);

    private readonly Lazy<IReadOnlyList<ModeRole>> _modeRoles = new(() =>
        ModeRoles.WithIntervals(
            ModeRoles.Of(run, after.Roles.PreviousToken, after.Roles.PrefixMatching, RoleModes, control: control),
            after.Roles.PreviousToken,
            after.Roles.PrefixMatching
        )
    );

    /// <summary>Whether the loss on second copies and the prefix-matching scores say that induction has formed.</summary>
    public bool InductionFormed =>
        after.Repeats.Second.Mean < LearntShare * after.Repeats.First.Mean && after.Roles.InductionHeads.Count > 0;

    /// <summary>Keeps what was found out in the run folder, and writes the page of the run if this build of Curie can.</summary>
    public void WritePage()
    {
        structure.Store(folder.Susceptibility);
        measures.Store(folder.Susceptibility);
        if (ReportPage.IsAvailable)
        {
            ReportPage.Write(folder.Page, PagePayload.Of([folder.Susceptibility], model: null, stages: null, scores: null));
        }
    }

    /// <summary>Draws what was found out, what it rests on, where it is, and last the one thing to remember.</summary>
    public void DrawShort(IAnsiConsole console)
    {
        ConclusionView.Draw(console, Conclusion);
        DrawLosses(console);
        DrawScores(console);
        DrawRoles(console, ShortTokens, ResponsePart.Covariance);
        DrawFiles(console);
        DrawRemembered(console);
    }

    /// <summary>Draws everything.</summary>
    public void Draw(IAnsiConsole console)
    {
        ConclusionView.Draw(console, Conclusion);
        DrawLosses(console);
        DrawScores(console);
        DatasetResponse response = new(run.Manifest.ProbeNames, run.Manifest.Components, run.Data.Dataset);
        ResponseTableView.Draw(console, response.Table(ResponsePart.Susceptibility), run.Manifest);
        ResponseTableView.Draw(console, response.Table(ResponsePart.Covariance), run.Manifest);
        VarianceView.Draw(console, VarianceSplit.Of(run));
        foreach (GroupModes group in GroupModes.Of(run, ResponsePart.Susceptibility))
        {
            ModeView.Draw(console, group, ResponsePart.Susceptibility, modes: 3);
        }

        console.Note(ModeView.SignRule);
        ModeRolesView.Draw(console, _modeRoles.Value);
        DrawRoles(console, TokensPerSide, ResponsePart.Susceptibility);
        DrawFiles(console);
        DrawRemembered(console);
    }

    private Conclusion Conclusion => RunConclusion.Of(_found, first);

    private void DrawRemembered(IAnsiConsole console)
    {
        console.WriteLine();
        foreach (string line in ProseLines.Wrap($"Remember: {Remembered.Of(_found)}", console.Profile.Width))
        {
            console.WriteLine(line, new Style(decoration: Decoration.Bold));
        }
    }

    /// <summary>The figures as one object.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["folder"] = folder.Root,
            ["quick"] = settings.Quick,
            ["induction_formed"] = InductionFormed,
            ["conclusion"] = new JsonArray([.. RunConclusion.Of(_found).Sentences.Select(sentence => (JsonNode)sentence)]),
            ["remember"] = Remembered.Of(_found),
            ["losses"] = new JsonObject(
                after.Losses.Select(pair =>
                    KeyValuePair.Create(
                        pair.Key,
                        (JsonNode?)
                            new JsonObject
                            {
                                ["untrained"] = RecordJson.Number(before.Losses[pair.Key].Mean),
                                ["trained"] = RecordJson.Number(pair.Value.Mean),
                                ["trained_se"] = RecordJson.Number(pair.Value.StandardError),
                            }
                    )
                )
            ),
            ["repeats"] = new JsonObject
            {
                ["first"] = RecordJson.Number(after.Repeats.First.Mean),
                ["first_se"] = RecordJson.Number(after.Repeats.First.StandardError),
                ["second"] = RecordJson.Number(after.Repeats.Second.Mean),
                ["second_se"] = RecordJson.Number(after.Repeats.Second.StandardError),
            },
            ["previous_token"] = Scores(after.Roles.PreviousToken),
            ["prefix_matching"] = Scores(after.Roles.PrefixMatching),
            ["mode_roles"] = new JsonArray([
                .. _modeRoles.Value.Select(role =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["group"] = role.Group,
                            ["view"] = role.View,
                            ["mode"] = role.Mode,
                            ["explained_variance"] = RecordJson.Number(role.Share),
                            ["reliability"] = RecordJson.Number(role.Reliability),
                            ["previous_token"] = RecordJson.Number(role.PreviousToken),
                            ["prefix_matching"] = RecordJson.Number(role.PrefixMatching),
                            ["prefix_matching_low"] = RecordJson.Number(role.PrefixMatchingInterval?.Low),
                            ["prefix_matching_high"] = RecordJson.Number(role.PrefixMatchingInterval?.High),
                        }
                ),
            ]),
            ["structure"] = structure.ToJson(),
            ["page"] = ReportPage.IsAvailable ? folder.Page : null,
        };

    private static JsonObject Scores(IReadOnlyList<HeadScore> scores) =>
        new(
            scores.Select(score =>
                KeyValuePair.Create(score.Component, (JsonNode?)RecordJson.ToNode(new StoredScore(score.Value, score.StandardError)))
            )
        );

    private void DrawLosses(IAnsiConsole console)
    {
        console.Heading("Mean loss per token before and after training, nats ± standard error over rows");
        IEnumerable<string[]> rows = after
            .Losses.Select(pair => new[] { pair.Key, Loss(before.Losses[pair.Key]), Loss(pair.Value) })
            .Append(["repeats: first copy", Loss(before.Repeats.First), Loss(after.Repeats.First)])
            .Append(["repeats: second copy", Loss(before.Repeats.Second), Loss(after.Repeats.Second)]);
        console.WriteLine(TextTable.Render(["probe", "untrained", "trained"], rows));
        console.WriteLine(InductionSentence());
    }

    private string InductionSentence()
    {
        if (InductionFormed)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Induction has formed: a block of random tokens costs {after.Repeats.First.Mean:F2} nats per token the first time and "
                    + $"{after.Repeats.Second.Mean:F2} the second."
            );
        }

        return settings.Quick
            ? "The quick demo is too short for induction: the second copy is about as hard as the first. Leave out --quick to see it form."
            : "Induction has not formed in this run, so the roles below are those of a younger model: give another --seed.";
    }

    private void DrawScores(IAnsiConsole console)
    {
        console.Heading($"Attention scores of every head, mean over {settings.ScoreSamples} random sequences ± standard error");
        (string Name, IReadOnlyList<HeadScore> Scores)[] rows =
        [
            ("previous token", after.Roles.PreviousToken),
            ("prefix matching", after.Roles.PrefixMatching),
        ];
        new HeatTable([.. rows.Select(row => row.Name)], [.. after.Roles.PreviousToken.Select(score => score.Component)], (row, head) =>
            Cell(rows[row].Scores[head])
        ).Draw(console);
        console.Note(
            "  previous token: attention to the token before; prefix matching: attention to what followed the same token earlier."
        );
    }

    private void DrawRoles(IAnsiConsole console, int count, ResponsePart part)
    {
        console.Heading(
            $"Tokens that the strongest head of each role expresses and suppresses most (ψ: the {part.Symbol} less the head's "
                + "mean over tokens)"
        );
        TokenContextView view = new(text, ContextBefore, ContextAfter);
        foreach (HeadRole role in HeadRoles.Of(run, after))
        {
            if (ComponentTokens.Of(run, role.Component, count, part) is { } tokens)
            {
                console.WriteLine();
                console.WriteLine($"  {tokens.Component}: {role.Role}", new Style(decoration: Decoration.Bold));
                ComponentTokensView.Draw(console, tokens, view, part.Unit);
                if (part == ResponsePart.Susceptibility && ComponentTokens.ApartFromOthers(run, role.Component, count, part) is { } apart)
                {
                    console.WriteLine("  set apart from the other heads: ψ over its s.d., less the mean of all heads");
                    ComponentTokensView.Draw(console, apart, view, "s.d.");
                }
            }
        }

        console.WriteLine();
        console.Note(TokenContextView.Marks);
        foreach (string note in text.Notes)
        {
            console.WriteLine(OptionWords.Of(note));
        }
    }

    private void DrawFiles(IAnsiConsole console)
    {
        console.Heading("Files");
        string[] lines =
        [
            $"{folder.Root}{Path.DirectorySeparatorChar}: corpus/, rows/, tokenizer.json, train.yaml, training/, experiment.yaml, "
                + $"susceptibility/",
            ReportPage.IsAvailable
                ? $"{folder.Page}: all of this as a page; open it in a browser"
                : "No page was written, because Node.js 20.19 or later was missing when this Curie was built",
        ];
        foreach (string line in lines.SelectMany(line => ProseLines.Wrap(line, console.Profile.Width - 2)))
        {
            console.WriteLine($"  {line}");
        }

        console.Heading("Next");
        string induction = after.Roles.PrefixMatching.MaxBy(score => score.Value)!.Component;
        (string Command, string Purpose)[] commands =
        [
            ($"curie head {folder.Susceptibility} {induction}", "all about one head"),
            ($"curie structure {folder.Susceptibility}", "the modes, and what separates them"),
            ($"curie llc --config {folder.ExperimentConfiguration}", "how degenerate the loss is around each head"),
            (
                $"curie susceptibility --config {folder.ExperimentConfiguration} --out longer",
                "a longer run, once draws, or burn_in, is larger there"
            ),
        ];
        foreach ((string command, string purpose) in commands)
        {
            console.WriteLine($"  {command}");
            console.Note($"      {purpose}");
        }

        console.WriteLine("  All tables: the same command with --resume --verbose");
    }

    private static string Loss(MeanEstimate loss) =>
        string.Create(CultureInfo.InvariantCulture, $"{loss.Mean:F3} ± {loss.StandardError:F3}");

    private static HeatCell Cell(HeadScore score) =>
        new(
            score.Value.ToString("F3", CultureInfo.InvariantCulture),
            "±" + score.StandardError.ToString("F3", CultureInfo.InvariantCulture),
            score.Value,
            Dim: score.Value < 2 * score.StandardError
        );
}

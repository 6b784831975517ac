using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws one head's card: what to remember of it, then its figures, then its tokens in their text.</summary>
internal sealed class HeadCardView(HeadCard card, ProbeText text)
{
    private const int ContextBefore = 10;
    private const int ContextAfter = 2;

    /// <summary>Draws the card.</summary>
    public void Draw(IAnsiConsole console)
    {
        ConclusionView.Draw(console, card.Conclude());
        DrawFigures(console);
        DrawResponses(console);
        if (
            card.Responses.Any(one => one.Part == ResponsePart.Excess.Name)
            && card.Responses.Any(one => one.Part == ResponsePart.Covariance.Name)
        )
        {
            console.Note($"{char.ToUpperInvariant(Glossary.BothSigns[0])}{Glossary.BothSigns[1..]}.");
        }

        DrawModes(console);
        TokenContextView view = new(text, ContextBefore, ContextAfter);
        foreach (
            (ResponsePart part, ComponentTokens tokens) in card.Tokens.Where(one =>
                one.Part != ResponsePart.Excess || card.Tokens.Count == 1
            )
        )
        {
            console.Heading($"Tokens by {part.Title.ToLowerInvariant()}, less the component's mean ± standard error");
            ComponentTokensView.Draw(console, tokens, view, part.Unit);
        }

        if (card.Twins.Count > 0)
        {
            console.Heading("Twins: the heads of other runs that are assigned to it");
            console.WriteLine(
                TextTable.Render(
                    ["run", "head", $"r of their {ResponsePart.Parse(card.Twins[0].Part).Title.ToLowerInvariant()} over tokens ± s.e."],
                    card.Twins.Select(twin => new[] { twin.Run, twin.Partner, EstimateText.Of(twin.Correlation, twin.StandardError) })
                )
            );
        }

        console.WriteLine();
        foreach (string sentence in card.Missing.Concat(text.Notes.Select(Invocation.OptionWords.Of)))
        {
            console.Note(sentence);
        }

        if (card.Tokens.Count > 0)
        {
            console.Note(TokenContextView.Marks);
        }
    }

    /// <summary>The card as one object.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["component"] = card.Component,
            ["conclusion"] = new JsonArray([.. card.Conclude().Sentences.Select(sentence => (JsonNode)sentence)]),
            ["llc"] = card.Coefficient is { } coefficient ? Estimate(coefficient) : null,
            ["scores"] = Array(card.Scores, score =>
                Estimate(score.Value, ("name", score.Name), ("rank", score.Rank), ("heads", score.Heads))
            ),
            ["mean_ablation"] = Array(card.Effects, effect => Estimate(effect.Value, ("over", effect.Name))),
            ["response"] = Array(card.Responses, one => Estimate(one.Value, ("part", one.Part), ("probe", one.Probe))),
            ["levels"] = card.Levels is { } levels ? RecordJson.ToNode(levels) : null,
            ["modes"] = Array(card.Modes, RecordJson.ToNode),
            ["tokens"] = Array(
                card.Tokens.SelectMany(one =>
                    Side(one.Part, "expressed", one.Tokens.Expressed).Concat(Side(one.Part, "suppressed", one.Tokens.Suppressed))
                ),
                line => line
            ),
            ["twins"] = Array(card.Twins, RecordJson.ToNode),
            ["warnings"] = new JsonArray([.. card.Warnings.Select(sentence => (JsonNode)sentence)]),
            ["missing"] = new JsonArray([.. card.Missing.Select(sentence => (JsonNode)sentence)]),
        };

    private void DrawFigures(IAnsiConsole console)
    {
        string[][] lines =
        [
            .. card.Coefficient is { } coefficient ? new[] { new[] { "λ̂", Text(coefficient), "" } } : [],
            .. card.Scores.Select(score => new[] { score.Name.Replace('_', ' '), Text(score.Value), $"{score.Rank} of {score.Heads}" }),
            .. card.Effects.Select(effect => new[] { $"mean ablation: {effect.Name}", Text(effect.Value), "" }),
        ];
        if (lines.Length > 0)
        {
            console.Heading("Figures (scores: share of attention; ablation: nats per token that the head saves)");
            console.WriteLine(TextTable.Render(["", "value ± s.e.", "rank"], lines));
        }
    }

    private void DrawResponses(IAnsiConsole console)
    {
        string[] parts = [.. card.Responses.Select(one => one.Part).Distinct()];
        NumberScale[] scales =
        [
            .. parts.Select(part => NumberScale.For(card.Responses.Where(one => one.Part == part).Select(one => one.Value.Mean))),
        ];
        console.Heading("Mean response to every probe ± standard error (below 0: it expresses the probe's text)");
        console.WriteLine(
            TextTable.Render(
                ["probe", .. parts.Select((part, p) => $"{part}, {scales[p].Unit(ResponsePart.Parse(part).Unit)}")],
                card.Responses.GroupBy(one => one.Probe)
                    .Select(probe =>
                        (string[])
                            [
                                probe.Key,
                                .. parts.Select(
                                    (part, p) =>
                                        probe.First(one => one.Part == part) is var one
                                            ? scales[p].Of(one.Value.Mean, one.Value.StandardError)
                                            : ""
                                ),
                            ]
                    )
            )
        );
    }

    private void DrawModes(IAnsiConsole console)
    {
        if (card.Modes.Count == 0)
        {
            return;
        }

        console.Heading("Its place in the modes, every component to one scale (the sign of a mode is arbitrary)");
        console.WriteLine(
            TextTable.Render(
                ["of", "over", "mode", "share", "reliability", "loading", "rank"],
                card.Modes.OrderBy(mode => mode.View, StringComparer.Ordinal)
                    .ThenBy(mode => mode.Group, StringComparer.Ordinal)
                    .Select(mode =>
                        new[]
                        {
                            mode.View,
                            RunWords.Title(mode.Group),
                            $"{mode.Mode}",
                            EstimateText.Percent(mode.Share),
                            ReproducibilityView.OfReliability(mode.Reliability),
                            EstimateText.Of(mode.Loading, 2),
                            $"{mode.Rank} of {mode.Components}",
                        }
                    )
            )
        );
    }

    private IEnumerable<JsonObject> Side(ResponsePart part, string side, IReadOnlyList<TokenResponse> tokens) =>
        tokens.Select(token =>
        {
            ContextWindow window = text.Window(token.Token, ContextBefore, ContextAfter);
            return new JsonObject
            {
                ["part"] = part.Name,
                ["side"] = side,
                ["value"] = RecordJson.Number(token.Value),
                ["standard_error"] = RecordJson.Number(token.StandardError),
                ["probe"] = text.ProbeName(token.Token),
                ["token"] = window.Token,
                ["context"] = $"{window.Before}⟦{window.Token}⟧{window.After}",
            };
        });

    private static string Text(MeanEstimate value) => EstimateText.Of(value.Mean, value.StandardError);

    private static JsonObject Estimate(MeanEstimate value, params (string Name, JsonNode Value)[] properties)
    {
        JsonObject node = [];
        foreach ((string name, JsonNode property) in properties)
        {
            node[name] = property;
        }

        node["value"] = RecordJson.Number(value.Mean);
        node["standard_error"] = RecordJson.Number(value.StandardError);
        return node;
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode> node) => new([.. items.Select(node)]);
}

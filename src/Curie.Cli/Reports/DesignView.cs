using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Response.Designs;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Designs;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws designed weights: what they are predicted to do, and where they lie.</summary>
internal sealed class DesignView(
    string folder,
    SusceptibilityRun run,
    int probe,
    string data,
    DataDesign design,
    double nbeta,
    IReadOnlyList<PatternWeight> patterns,
    long? shuffled,
    ResponsePart part
)
{
    private const int ContextBefore = 10;
    private const int ContextAfter = 2;

    /// <summary>With fewer degrees of freedom an error is itself uncertain by a third or more: 1/√(2·5).</summary>
    private const int FewDegrees = 5;
    private readonly Conclusion _conclusion = DesignConclusion.Of(design, nbeta, patterns, shuffled is not null);

    /// <summary>Draws the design.</summary>
    public void Draw(IAnsiConsole console, ProbeText text, int tokens)
    {
        ConclusionView.Draw(console, _conclusion);
        if (shuffled is null)
        {
            console.Heading("Predicted changes at the same checkpoint (weights and response from different halves of the draws)");
            NumberScale scale = NumberScale.For(design.Predictions.Select(one => one.Change.Mean));
            NumberScale localized = NumberScale.For(design.Predictions.Select(one => one.Localized!.Value.Mean));
            console.WriteLine(
                TextTable.Render(
                    ["component", "direction", $"E[φ], {scale.Unit("nats")}", "λ̂", $"by χ, {localized.Unit("nats")}"],
                    design
                        .Predictions.OrderByDescending(one => Math.Abs(one.Change.Mean))
                        .Select(one =>
                            new[]
                            {
                                one.Component,
                                NumberScale.Two(one.Direction),
                                scale.Of(one.Change.Mean, one.Change.StandardError),
                                EstimateText.Of(nbeta * one.Change.Mean, nbeta * one.Change.StandardError, signed: true),
                                localized.Of(one.Localized!.Value.Mean, one.Localized.Value.StandardError),
                            }
                        )
                )
            );
        }

        if (patterns.Count > 0)
        {
            console.Heading("Mean weight by pattern ± standard error over rows of text");
            console.WriteLine(
                TextTable.Render(
                    ["pattern", "tokens", "weight"],
                    patterns
                        .OrderByDescending(one => one.Mean)
                        .Select(one =>
                            new[]
                            {
                                one.Pattern,
                                one.Tokens.ToString(System.Globalization.CultureInfo.InvariantCulture),
                                EstimateText.Of(one.Mean, one.StandardError),
                            }
                        )
                )
            );
        }

        if (tokens > 0)
        {
            double[] weights = [.. design.Weights];
            ModeExtremes ends = ModeExtremes.OfDistinct(weights, run.Data.Tokens.Id.AsSpan(design.FirstToken, weights.Length), tokens);
            TokenContextView view = new(text, ContextBefore, ContextAfter);
            console.Heading("Tokens by weight");
            view.Draw(console, "heaviest", positive: true, "weight", Lines(ends.Top));
            view.Draw(console, "lightest", positive: false, "weight", Lines(ends.Bottom));
        }

        console.WriteLine();
        foreach (string note in text.Notes.Select(Invocation.OptionWords.Of).Concat(Notes()))
        {
            console.Note(note);
        }

        if (tokens > 0)
        {
            console.Note(TokenContextView.Marks);
        }
    }

    /// <summary>What stands beside the weights.</summary>
    public DesignRecord ToRecord() =>
        new(
            folder,
            data,
            design.Target.Group!,
            design.Target.Mode,
            design.Target.Component,
            part.Name,
            design.Modes,
            nbeta,
            design.Amount,
            design.Spread,
            design.CutShare,
            design.Reliability,
            shuffled,
            shuffled is null ? design.Along : null,
            shuffled is null ? design.Predictions : [],
            patterns
        )
        {
            Probe = run.Manifest.ProbeNames[probe],
            Fingerprint = run.Manifest.Fingerprint,
        };

    /// <summary>The design as one object.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = RecordJson.ToNode(ToRecord()).AsObject();
        json["conclusion"] = new JsonArray([.. _conclusion.Sentences.Select(sentence => (JsonNode)sentence)]);
        return json;
    }

    private IEnumerable<string> Notes()
    {
        if (design.Reason is { } reason)
        {
            yield return $"Predictions have no error and come from the draws that the weights were made from: {reason}";
        }

        if (design.Along.Change is { StandardError: > 0, DegreesOfFreedom: < FewDegrees } along)
        {
            yield return $"Errors of predictions rest on {along.DegreesOfFreedom + 1} batch means alone, and are rough; sample with more "
                + "draws or chains to know them.";
        }

        if (shuffled is not null)
        {
            yield break;
        }

        yield return "λ̂ here is nβ times E[φ], the mean excess loss on the unweighted data; what is predicted of it, by the covariance, "
            + "is by the posterior of the component for the weighted data at this checkpoint. Training on the weights moves the "
            + "checkpoint, of which this says nothing.";
        yield return "By χ: what changes of the expectation over all weights of φ where all but the component is at the checkpoint, times "
            + "an unknown constant of the component; it moves with that posterior's volume too, and no coefficient measures it.";
    }

    private TokenLine[] Lines(IReadOnlyList<TokenScore> ends) =>
        [.. ends.Select(end => new TokenLine(design.FirstToken + end.Token, end.Score))];
}

using System.Text.Json;
using Curie.Cli.Reports;
using Curie.Development.Effects;
using Curie.Development.Scores;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Cli.Jobs;

/// <summary>Measures the heads of a run's model by what needs no sampling, and compares that with their response.</summary>
internal static class ScoresJob
{
    private const int ReferenceRows = 64;
    private const int CorpusRows = 20_000;
    private const int NgramRows = 2000;

    /// <summary>Measures every head of the run's model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part of the response that is correlated with the measures.</param>
    /// <param name="model">The model folder in place of the one that the run names, or null.</param>
    /// <param name="patterns">The token patterns over which effects are averaged.</param>
    /// <param name="samples">Synthetic sequences per attention score, and rows for the bigram score.</param>
    /// <param name="seed">The seed of every random choice.</param>
    /// <param name="pool">The workers.</param>
    /// <exception cref="InputException">The model or the rows that the run names cannot be read.</exception>
    public static ScoresReport Measure(
        SusceptibilityRun run, ResponsePart part, string? model, IReadOnlyList<TokenPattern> patterns, int samples, long seed, WorkerPool pool)
    {
        JsonElement configuration = run.Manifest.Configuration;
        using ParameterSet parameters = ModelFolder.Load(model ?? Named(configuration, "model"));
        using ProbeText text = ProbeText.Open(run, model);
        using TokenRows reference = Rows(configuration.GetProperty("sampling"), parameters);
        List<TokenRows> probes = [];
        try
        {
            foreach (string name in run.Manifest.ProbeNames)
            {
                probes.Add(Rows(configuration.GetProperty("probes").EnumerateArray().First(probe => Named(probe, "name") == name), parameters));
            }

            Kernels kernels = Kernels.FromEnvironment();
            using TransformerWeights weights = new(parameters, kernels, pool);
            HeadEffects effects = HeadEffects.Of(parameters, run.Data.Tokens, probes, reference, ReferenceRows, kernels, pool);
            TokenClasses classes = text.Classify(patterns);
            (string Name, IReadOnlyList<HeadScore> Scores)[] attention = Attention(weights, text.Tokenizer, samples, seed, kernels, pool);
            return new ScoresReport(
                run,
                part.Name(),
                attention,
                BigramScore.Of(weights, reference, CorpusRows, reference, samples, seed, kernels),
                NgramScore.Of(weights, reference, NgramRows, samples, kernels, pool),
                effects,
                classes,
                EffectCorrelation.Of(run, part, effects, classes),
                ScoreAgreement.Of([.. attention.Select(score => (score.Name, (IReadOnlyDictionary<string, double>)ByComponent(score.Scores)))], PatternExpression.Of(run, part, classes)));
        }
        finally
        {
            probes.ForEach(rows => rows.Dispose());
        }
    }

    /// <summary>Attention scores need a beginning-of-row token; without a tokenizer there are none.</summary>
    private static (string Name, IReadOnlyList<HeadScore> Scores)[] Attention(
        TransformerWeights weights, BpeTokenizer? tokenizer, int samples, long seed, Kernels kernels, WorkerPool pool)
    {
        if (tokenizer?.BosId is not { } bos)
        {
            return [];
        }

        AttentionSamples drawn = new(
            weights.Parameters.Layout.Config.ContextLength, weights.Parameters.Layout.Config.Vocabulary, bos, [.. tokenizer.Specials.Select(special => special.Id)]);
        using HeadScorer scorer = new(weights, kernels, pool);
        return
        [
            ("previous_token", scorer.Score(drawn.PreviousToken, samples, seed)),
            ("current_token", scorer.Score(drawn.CurrentToken, samples, seed)),
            ("prefix_matching", scorer.Score(drawn.PrefixMatching, samples, seed)),
        ];
    }

    private static Dictionary<string, double> ByComponent(IReadOnlyList<HeadScore> scores) => scores.ToDictionary(score => score.Component, score => score.Value);

    private static TokenRows Rows(JsonElement section, ParameterSet parameters) =>
        TokenRows.Load(Named(section, "data"), parameters.Layout.Config.Vocabulary, parameters.Layout.Config.ContextLength);

    private static string Named(JsonElement section, string key) =>
        section.ValueKind == JsonValueKind.Object && section.TryGetProperty(key, out JsonElement value) && value.GetString() is { } text
            ? text
            : throw new InputException($"the run's manifest does not name its {key}; run the experiment again with this version.");
}

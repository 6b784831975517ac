using Curie.Development.Effects;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Text.Packing;

namespace Curie.Development.Scores;

/// <summary>
/// Every score of one model, for curves over training (definitions of Hoogland et al., arXiv 2402.02364, where it has them). What an
/// architecture gives no meaning is left out: the loss without positions where they have no table, bigrams and n-grams where outputs are
/// not the tokens.
/// </summary>
public static class ModelScores
{
    /// <summary>Scores a model.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="text">Token rows that begin with the beginning-of-row token, at least 2.</param>
    /// <param name="samples">Makes the sequences of the attention scores; null to leave these out.</param>
    /// <param name="options">How.</param>
    /// <param name="machine">The arithmetic and the threads; no score depends on their number.</param>
    /// <param name="cancellation">Stops between two scores.</param>
    public static IReadOnlyList<ModelScore> Of(
        ParameterSet parameters,
        TokenRows text,
        AttentionSamples? samples,
        ModelScoreOptions options,
        Machine machine,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        TransformerConfig config = parameters.Layout.Config;
        int rows = Math.Min(options.Rows, text.Count);
        using TransformerWeights weights = new(parameters, machine);
        using TransformerEvaluator evaluator = new(config, machine);
        List<ModelScore> scores = [];
        Add(Text(parameters, weights, evaluator, text, rows, options, machine));
        Add(Corpus(weights, text, options, machine));
        if (samples is not null)
        {
            Add(Attention(weights, samples, options, machine));
        }

        Add(Ablations(parameters, text, rows, machine));
        Add(Composition.Of(parameters));
        Add(WeightNorms.Of(parameters));
        return scores;

        void Add(IEnumerable<ModelScore> more)
        {
            cancellation.ThrowIfCancellationRequested();
            scores.AddRange(more);
        }
    }

    private static IEnumerable<ModelScore> Text(
        ParameterSet parameters,
        TransformerWeights weights,
        TransformerEvaluator evaluator,
        TokenRows text,
        int rows,
        ModelScoreOptions options,
        Machine machine
    )
    {
        TextLosses losses = TextLosses.Of(evaluator, weights, text, rows);
        (int early, int late) = options.Indices(text.ContextLength - 1);
        IEnumerable<ModelScore> without = parameters.Layout.Config.HasPositionTable
            ? TextLosses.WithoutPositions(evaluator, parameters, text, rows, machine).Scores("loss_without_positions")
            : [];
        return [.. losses.Scores("loss"), .. without, TextLosses.Score("in_context_learning", losses.InContextLearning(early, late))];
    }

    private static IEnumerable<ModelScore> Corpus(TransformerWeights weights, TokenRows text, ModelScoreOptions options, Machine machine)
    {
        if (BigramScore.Of(weights, text, options.BigramRows, text, options.Samples, options.Seed, machine.Kernels) is { } bigrams)
        {
            yield return TextLosses.Score("bigram", bigrams.CrossEntropy);
            yield return TextLosses.Score("bigram_floor", bigrams.Floor);
        }

        foreach (NgramScore ngram in NgramScore.Of(weights, text, options.NgramRows, options.Samples, machine))
        {
            // The relative error of a ratio of independent means.
            double relative = Math.Sqrt(
                Square(ngram.Text.StandardError / ngram.Text.Mean) + Square(ngram.Frequent.StandardError / ngram.Frequent.Mean)
            );
            yield return new ModelScore("full", $"ngram_{ngram.Length}", ngram.Ratio, ngram.Ratio * relative);
        }
    }

    private static IEnumerable<ModelScore> Attention(
        TransformerWeights weights,
        AttentionSamples samples,
        ModelScoreOptions options,
        Machine machine
    )
    {
        using HeadScorer scorer = new(weights, machine);
        return
        [
            .. Named("previous_token", scorer.Score(samples.PreviousToken, options.Samples, options.Seed)),
            .. Named("current_token", scorer.Score(samples.CurrentToken, options.Samples, options.Seed)),
            .. Named("prefix_matching", scorer.Score(samples.PrefixMatching, options.Samples, options.Seed)),
        ];

        static IEnumerable<ModelScore> Named(string name, IReadOnlyList<HeadScore> heads) =>
            heads.Select(head => new ModelScore(head.Component, name, head.Value, head.StandardError));
    }

    /// <summary>The mean loss without each head less that with it, nats, above 0 where the head helps; errors over rows.</summary>
    private static List<ModelScore> Ablations(ParameterSet parameters, TokenRows text, int rows, Machine machine)
    {
        TransformerConfig config = parameters.Layout.Config;
        using HeadAblation ablation = new(parameters, machine);
        int[] indices = [.. Enumerable.Range(0, rows)];
        float[] whole = ablation.Losses(text, indices);
        IReadOnlyList<float[]> means = MeanOutputs.Of(ablation.Weights, text, indices, machine);
        List<ModelScore> scores = [];
        for (int head = 0; head < config.Layers * config.Heads; head++)
        {
            (int layer, int one) = (head / config.Heads, head % config.Heads);
            scores.Add(Effect("zero_ablation", ablation.LossesWithout(layer, one, [], text, indices)));
            scores.Add(Effect("mean_ablation", ablation.LossesWithout(layer, one, means[head], text, indices)));

            ModelScore Effect(string name, float[] losses)
            {
                int positions = losses.Length / rows;
                MeanEstimate effect = MeanEstimate.OfIndependent([
                    .. indices.Select(row => Enumerable.Range(row * positions, positions).Average(i => (double)losses[i] - whole[i])),
                ]);
                return new ModelScore($"l{layer}h{one}", name, effect.Mean, effect.StandardError);
            }
        }

        return scores;
    }

    private static double Square(double x) => x * x;
}

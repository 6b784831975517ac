using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Text.Packing;

namespace Curie.Development.Scores;

/// <summary>
/// The losses of a model on rows of text, by position. Index j is the prediction of token j + 1 from the tokens 0 … j; errors are over
/// rows.
/// </summary>
public sealed class TextLosses
{
    /// <summary>The indices whose losses are kept (Hoogland et al., arXiv 2402.02364, as published in its code).</summary>
    public static readonly IReadOnlyList<int> Indices = [0, 1, 2, 3, 4, 5, 6, 7, 10, 20, 30, 50, 100, 200, 300, 500, 1000];

    private readonly float[] _losses;
    private readonly int _rows;
    private readonly int _positions;

    private TextLosses(float[] losses, int rows)
    {
        _losses = losses;
        _rows = rows;
        _positions = losses.Length / rows;
    }

    /// <summary>Evaluates a model.</summary>
    /// <param name="evaluator">Computes the losses.</param>
    /// <param name="weights">The model.</param>
    /// <param name="text">Token rows.</param>
    /// <param name="rows">How many of the first, at least 2.</param>
    public static TextLosses Of(TransformerEvaluator evaluator, TransformerWeights weights, TokenRows text, int rows)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        float[] losses = new float[rows * (text.ContextLength - 1)];
        evaluator.TokenLosses(weights, text, [.. Enumerable.Range(0, rows)], losses, []);
        return new TextLosses(losses, rows);
    }

    /// <summary>Evaluates a model whose positions were taken from it: W_pos = 0, so that nothing tells where a token stands.</summary>
    /// <exception cref="ArgumentException">The model has no W_pos.</exception>
    public static TextLosses WithoutPositions(
        TransformerEvaluator evaluator,
        ParameterSet parameters,
        TokenRows text,
        int rows,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Layout.Config.HasPositionTable)
        {
            throw new ArgumentException("The model has no table of positions that could be taken from it.", nameof(parameters));
        }

        using ParameterSet changed = parameters.Clone();
        changed[changed.Layout.PositionEmbedding].Clear();
        using TransformerWeights weights = new(changed, machine);
        return Of(evaluator, weights, text, rows);
    }

    /// <summary>The mean over all positions.</summary>
    public MeanEstimate Mean => Estimate(row => Row(row).ToArray().Average(loss => (double)loss));

    /// <summary>The mean loss at an index.</summary>
    public MeanEstimate At(int index) => Estimate(row => Row(row)[index]);

    /// <summary>
    /// The in-context-learning score ℓ_late − ℓ_early, mean over rows of the difference within each: below 0 where more context helps.
    /// Published with late 498
    /// and early 48.
    /// </summary>
    public MeanEstimate InContextLearning(int early, int late) => Estimate(row => (double)Row(row)[late] - Row(row)[early]);

    /// <summary>The mean loss, and that at every index of <see cref="Indices"/> that the rows have.</summary>
    /// <param name="name">The scores' name; those of indices get <c>_at_J</c> behind it.</param>
    public IEnumerable<ModelScore> Scores(string name)
    {
        yield return Score(name, Mean);
        foreach (int index in Indices.Where(index => index < _positions))
        {
            yield return Score($"{name}_at_{index}", At(index));
        }
    }

    internal static ModelScore Score(string name, MeanEstimate estimate) => new("full", name, estimate.Mean, estimate.StandardError);

    private ReadOnlySpan<float> Row(int row) => _losses.AsSpan(row * _positions, _positions);

    private MeanEstimate Estimate(Func<int, double> value) => MeanEstimate.OfIndependent([.. Enumerable.Range(0, _rows).Select(value)]);
}

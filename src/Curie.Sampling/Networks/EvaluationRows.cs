using Curie.Networks.Passes;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// Fixed rows that are evaluated at every draw. What enters the component's first block is the same at every draw, so it is computed
/// once where memory allows; the results are the same bits either way.
/// </summary>
public sealed class EvaluationRows : IDisposable
{
    private readonly TransformerEvaluator _evaluator;
    private readonly TokenRows _rows;
    private readonly int[] _indices;
    private readonly FrozenPrefix? _prefix;

    /// <summary>The given rows of a file.</summary>
    /// <param name="evaluator">Computes the losses.</param>
    /// <param name="network">The network at w* and the component that will vary.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="prefixMemory">The bytes that the frozen prefix may take; 0 to recompute it at every draw.</param>
    public EvaluationRows(TransformerEvaluator evaluator, RestrictedNetwork network, TokenRows rows, IReadOnlyList<int> indices, long prefixMemory)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        _evaluator = evaluator;
        _rows = rows;
        _indices = [.. indices];
        int layer = network.Plan.FirstAffectedLayer;
        int width = network.Plan.Layout.Config.ModelWidth;
        if (layer > 0 && FrozenPrefix.BytesFor(_indices.Length, rows.ContextLength - 1, width) <= prefixMemory)
        {
            _prefix = evaluator.Freeze(network.Weights, rows, _indices, layer);
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count => _indices.Length;

    /// <summary>The number of losses: rows × (n_ctx − 1).</summary>
    public int Tokens => _indices.Length * (_rows.ContextLength - 1);

    /// <summary>The bytes that the frozen prefix holds.</summary>
    public long PrefixBytes =>
        _prefix is null ? 0 : FrozenPrefix.BytesFor(_indices.Length, _rows.ContextLength - 1, _prefix.Width);

    /// <summary>The losses of every row and position, and each row's mean; either may be empty.</summary>
    public void Losses(TransformerWeights weights, Span<float> losses, Span<double> rowMeans) =>
        _evaluator.TokenLosses(weights, _rows, _indices, losses, rowMeans, _prefix);

    /// <inheritdoc/>
    public void Dispose() => _prefix?.Dispose();
}

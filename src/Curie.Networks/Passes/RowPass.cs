using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The forward pass of one row of tokens, on one worker, with everything kept that a backward pass reads. A row of T tokens has n = T − 1
/// predicted positions; position t sees tokens 0 … t and predicts token t + 1, so the last token is a target only and is never embedded,
/// unless attention is bidirectional. Blocks and final norm are those of <see cref="BlockStack"/>; logits = norm(x)·W_U + b_U.
/// </summary>
public sealed partial class RowPass : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly DivergenceTarget? _divergence;
    private int[] _tokens = [];
    private int[] _outputs = [];
    private int[] _allPositions = [];
    private TargetRow? _target;

    /// <summary>
    /// Working memory for rows of up to <see cref="TransformerConfig.ContextLength"/> tokens; it is taken for the longest row that there
    /// is.
    /// </summary>
    /// <param name="config">The shapes.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="target">The model from whose distribution losses are divergences; null for losses of the next token.</param>
    /// <exception cref="ArgumentException">The tokens of the architecture are no indices.</exception>
    public RowPass(TransformerConfig config, Kernels kernels, DivergenceTarget? target = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.VectorTokens)
        {
            throw new ArgumentException("A row of tokens has no vectors for tokens.", nameof(config));
        }

        _config = config;
        _kernels = kernels;
        Stack = new BlockStack(config, kernels);
        _divergence = target;
    }

    /// <summary>The number n of predicted positions of the current row.</summary>
    public int Positions { get; private set; }

    /// <summary>The positions that are embedded: the predicted ones, and the last token too where every position sees all others.</summary>
    internal int Embedded => _config.Bidirectional ? Positions + 1 : Positions;

    /// <summary>Blocks and final norm.</summary>
    internal BlockStack Stack { get; }

    /// <summary>The worker's scratch memory.</summary>
    internal Scratch Scratch => Stack.Scratch;

    internal ReadOnlySpan<int> Inputs => _tokens.AsSpan(0, Embedded);

    /// <summary>
    /// The tokens that are predicted. One that is no output, as may stand where predictions do not count, is taken for the first output;
    /// its loss means nothing.
    /// </summary>
    internal ReadOnlySpan<int> Targets
    {
        get
        {
            ReadOnlySpan<int> tokens = _tokens.AsSpan(1, Positions);
            if (_config.Logits >= _config.Vocabulary)
            {
                return tokens;
            }

            for (int t = 0; t < tokens.Length; t++)
            {
                _outputs[t] = tokens[t] < _config.Logits ? tokens[t] : 0;
            }

            return _outputs.AsSpan(0, Positions);
        }
    }

    /// <summary>
    /// The residual stream that enters block <paramref name="layer"/>, n × d; after the last block with layer = number of blocks.
    /// </summary>
    public MatrixView Residual(int layer) => Stack.Residual(layer);

    /// <summary>The residual stream at a point, n × d.</summary>
    public MatrixView Residual(NetworkPoint point) => Stack.Residual(point);

    /// <summary>Forgets all positions but the first so many, if no later one has any influence on them.</summary>
    internal void Truncate(int positions)
    {
        if (!_config.Bidirectional)
        {
            Begin(Math.Min(Positions, positions));
        }
    }

    /// <summary>Takes a row of 2 to n_ctx tokens; the caller has checked that every token is in the vocabulary.</summary>
    public Span<int> BeginRow(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _config.ContextLength);
        Begin(length - 1);
        if (length > _tokens.Length)
        {
            _target?.Dispose();
            _tokens = new int[length];
            _outputs = new int[_config.Logits < _config.Vocabulary ? length : 0];
            _allPositions = [.. Enumerable.Range(0, Embedded)];
            _target = _divergence is null ? null : new TargetRow(_divergence, Embedded);
        }

        _target?.Forget();
        return _tokens.AsSpan(0, length);
    }

    /// <summary>Computes the residual stream from the embeddings to the final norm.</summary>
    public void Forward(TransformerWeights weights) => Forward(weights, default, new NetworkPoint(_config.Layers));

    /// <summary>
    /// Computes the residual stream from a point on, whose <see cref="Residual(NetworkPoint)"/> has been changed, after
    /// <see cref="Forward(TransformerWeights)"/>.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="from">The point.</param>
    public void Continue(TransformerWeights weights, NetworkPoint from)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Stack.Forward(weights, from, new NetworkPoint(_config.Layers));
    }

    /// <summary>Computes the residual stream between two points.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="from">The first block's input, to compute the embeddings too; or a point of which <see cref="Residual(NetworkPoint)"/>
    /// is set.</param>
    /// <param name="to">The point at which to stop.</param>
    /// <param name="projected">Whether queries, keys and values of the first block are set too.</param>
    internal void Forward(TransformerWeights weights, NetworkPoint from, NetworkPoint to, bool projected = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (from == default)
        {
            Embed(weights.Parameters);
        }

        Stack.Forward(weights, from, to, projected);
    }

    /// <summary>The losses of all positions of the row, nats; call after <see cref="Forward(TransformerWeights)"/>.</summary>
    public void Losses(TransformerWeights weights, Span<double> losses)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Stack.NormalizeFinal(weights, Positions);
        LossesOf(weights, Stack.FinalNorm(Positions), AllPositions, Targets, losses);
    }

    /// <summary>
    /// The attention probability a_ij of one head after <see cref="Forward(TransformerWeights)"/>; 0 for key positions that the query does
    /// not see.
    /// </summary>
    public double AttentionProbability(int layer, int head, int query, int key) =>
        Stack.AttentionProbability(layer, head, sequence: 0, query, key);

    /// <summary>
    /// A head's mixed values z_t = Σ_j a_tj·v_j after <see cref="Forward(TransformerWeights)"/>, n × e; z·W_O is what the head adds to the
    /// residual stream.
    /// </summary>
    public MatrixView MixedValues(int layer, int head) => Stack.Block(layer).Z(head, Embedded);

    /// <inheritdoc/>
    public void Dispose()
    {
        Stack.Dispose();
        _target?.Dispose();
        _backward?.Dispose();
    }

    /// <summary>Which divergence losses are; null if they are those of the next token.</summary>
    internal DivergenceDirection? Direction => _divergence?.Direction;

    /// <summary>All predicted positions of the row.</summary>
    internal ReadOnlySpan<int> AllPositions => _allPositions.AsSpan(0, Positions);

    /// <summary>log q of the frozen model at some positions of the row, ascending.</summary>
    internal MatrixView LogTarget(ReadOnlySpan<int> positions) => _target!.LogProbabilities(_tokens.AsSpan(0, Positions + 1), positions);

    internal BlockActivations Block(int layer) => Stack.Block(layer);

    /// <summary>x + W_pos, the input of queries and keys under shortformer positions, for the first rows of x.</summary>
    internal void AddPositions(ParameterSet parameters, MatrixView x) => Stack.Attention.AddPositions(parameters, x);

    private void LossesOf(
        TransformerWeights weights,
        MatrixView final,
        ReadOnlySpan<int> positions,
        ReadOnlySpan<int> targets,
        Span<double> losses
    )
    {
        ReadOnlySpan<float> bias = weights.UnembeddingBias;
        Span<double> wanted = losses[..final.Rows];
        if (_divergence is null)
        {
            _kernels.CrossEntropyForward(final, weights.Unembed.Forward, bias, targets, wanted, Scratch);
        }
        else
        {
            _kernels.DivergenceForward(final, weights.Unembed.Forward, bias, LogTarget(positions), _divergence.Direction, wanted, Scratch);
        }
    }

    private void Embed(ParameterSet parameters)
    {
        ParameterLayout layout = parameters.Layout;
        MatrixView x = Residual(0);
        _kernels.Gather(parameters.Matrix(layout.TokenEmbedding), Inputs, x);
        if (_config.Positions == PositionalEmbedding.Standard)
        {
            AddPositions(parameters, x);
        }
    }

    private void Begin(int positions)
    {
        Positions = positions;
        Stack.Begin(Embedded, Embedded);
    }
}

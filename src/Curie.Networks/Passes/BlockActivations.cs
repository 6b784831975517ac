using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>What one block computes for one row and its backward pass reads again. n positions, A = heads·e.</summary>
internal sealed unsafe class BlockActivations : IDisposable
{
    private readonly List<AlignedBuffer<float>> _buffers = [];
    private readonly TransformerConfig _config;
    private readonly float* _mid;
    private readonly float* _norm1;
    private readonly float* _queryKeyInput;
    private readonly float* _queryKey;
    private readonly float* _value;
    private readonly float* _z;
    private readonly float* _norm2;
    private readonly float* _hidden;
    private readonly float* _active;
    private readonly float* _statistics;
    private readonly float* _logSumExp;
    private readonly int _capacity;

    public BlockActivations(TransformerConfig config, int capacity)
    {
        _config = config;
        _capacity = capacity;
        (int d, int attention, int hidden) = (config.ModelWidth, config.AttentionWidth, config.MlpWidth);
        _norm1 = Allocate(d);
        _queryKeyInput = config.Positions == PositionalEmbedding.Shortformer ? Allocate(d) : _norm1;
        _queryKey = Allocate(2 * attention);
        _value = Allocate(attention);
        _z = Allocate(attention);
        _statistics = Allocate(4);
        _logSumExp = Allocate(config.Heads);
        if (!config.AttentionOnly)
        {
            _mid = Allocate(d);
            _norm2 = Allocate(d);
            _hidden = Allocate(hidden);
            _active = Allocate(hidden);
        }
    }

    /// <summary>The residual stream between attention and MLP, n × d.</summary>
    public MatrixView Mid(int n) => new(_mid, n, _config.ModelWidth);

    /// <summary>LN1(x), n × d.</summary>
    public MatrixView Norm1(int n) => new(_norm1, n, _config.ModelWidth);

    /// <summary>What queries and keys are made from, n × d: LN1(x), with W_pos added under shortformer positions.</summary>
    public MatrixView QueryKeyInput(int n) => new(_queryKeyInput, n, _config.ModelWidth);

    /// <summary>[queries | keys], n × 2A.</summary>
    public MatrixView QueryKey(int n) => new(_queryKey, n, 2 * _config.AttentionWidth);

    /// <summary>Values, n × A.</summary>
    public MatrixView Value(int n) => new(_value, n, _config.AttentionWidth);

    /// <summary>Mixed values, n × A.</summary>
    public MatrixView Z(int n) => new(_z, n, _config.AttentionWidth);

    /// <summary>LN2(x), n × d.</summary>
    public MatrixView Norm2(int n) => new(_norm2, n, _config.ModelWidth);

    /// <summary>The MLP's hidden layer before the nonlinearity, n × d_mlp.</summary>
    public MatrixView Hidden(int n) => new(_hidden, n, _config.MlpWidth);

    /// <summary>The MLP's hidden layer after the nonlinearity, n × d_mlp.</summary>
    public MatrixView Active(int n) => new(_active, n, _config.MlpWidth);

    public Span<float> Mean1(int n) => new(_statistics, n);

    public Span<float> InverseScale1(int n) => new(_statistics + _capacity, n);

    public Span<float> Mean2(int n) => new(_statistics + (2 * _capacity), n);

    public Span<float> InverseScale2(int n) => new(_statistics + (3 * _capacity), n);

    /// <summary>The log of the attention normaliser of one head, n.</summary>
    public Span<float> LogSumExp(int head, int n) => new(_logSumExp + ((long)head * _capacity), n);

    public MatrixView Query(int head, int n) => QueryKey(n).ColumnRange(head * _config.HeadWidth, _config.HeadWidth);

    public MatrixView Key(int head, int n) => QueryKey(n).ColumnRange((_config.Heads + head) * _config.HeadWidth, _config.HeadWidth);

    public MatrixView Value(int head, int n) => Value(n).ColumnRange(head * _config.HeadWidth, _config.HeadWidth);

    public MatrixView Z(int head, int n) => Z(n).ColumnRange(head * _config.HeadWidth, _config.HeadWidth);

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private float* Allocate(int width)
    {
        AlignedBuffer<float> buffer = new((long)_capacity * width);
        _buffers.Add(buffer);
        return buffer.Pointer;
    }
}

using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// What one block computes and its backward pass reads again. n positions, A = heads·e, G = groups·e; what an architecture does
/// not need has no memory.
/// </summary>
internal sealed unsafe class BlockActivations : IDisposable
{
    private readonly List<AlignedBuffer<float>> _buffers = [];
    private readonly TransformerConfig _config;
    private readonly float* _mid;
    private readonly float* _norm1;
    private readonly float* _queryKeyInput;
    private readonly float* _queryKey;
    private readonly float* _rawQueryKey;
    private readonly float* _queryKeyStatistics;
    private readonly float* _value;
    private readonly float* _z;
    private readonly float* _norm2;
    private readonly float* _hidden;
    private readonly float* _gate;
    private readonly float* _gated;
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
        _queryKey = Allocate(QueryKeyStride);
        _rawQueryKey = config.QueryKeyNorm ? Allocate(QueryKeyWidth) : _queryKey;
        _queryKeyStatistics = config.QueryKeyNorm ? Allocate(2 * (config.Heads + config.Groups)) : null;
        _value = config.JointProjection ? _queryKey + QueryKeyWidth : Allocate(config.KeyWidth);
        _z = Allocate(attention);
        _statistics = Allocate(6);
        _logSumExp = Allocate(config.Heads);
        if (!config.AttentionOnly)
        {
            _mid = config.Parallel ? null : Allocate(d);
            _norm2 = config.HasSecondNorm ? Allocate(d) : _norm1;
            _hidden = Allocate(hidden);
            _gate = config.GatedMlp ? Allocate(hidden) : null;
            _gated = config.GatedMlp || config.MlpNorm ? Allocate(hidden) : null;
            _active = Allocate(hidden);
        }
    }

    private int QueryKeyWidth => _config.AttentionWidth + _config.KeyWidth;

    private int QueryKeyStride => _config.JointProjection ? QueryKeyWidth + _config.KeyWidth : QueryKeyWidth;

    /// <summary>The residual stream between attention and MLP, n × d; of a block that is not parallel.</summary>
    public MatrixView Mid(int n) => new(_mid, n, _config.ModelWidth);

    /// <summary>The normed input of attention, n × d.</summary>
    public MatrixView Norm1(int n) => new(_norm1, n, _config.ModelWidth);

    /// <summary>What queries and keys are made from, n × d: Norm1, with W_pos added under shortformer positions.</summary>
    public MatrixView QueryKeyInput(int n) => new(_queryKeyInput, n, _config.ModelWidth);

    /// <summary>[queries | keys] as they meet in scores, n × (A + G).</summary>
    public MatrixView QueryKey(int n) => new(_queryKey, n, QueryKeyWidth, QueryKeyStride);

    /// <summary>[queries | keys | values], n × (A + 2G), where they are one product.</summary>
    public MatrixView QueryKeyValue(int n) => new(_queryKey, n, QueryKeyStride);

    /// <summary>[queries | keys] in front of their norms, where they have any, n × (A + G).</summary>
    public MatrixView RawQueryKey(int n) => new(_rawQueryKey, n, QueryKeyWidth, QueryKeyStride);

    /// <summary>Values, n × G.</summary>
    public MatrixView Value(int n) => new(_value, n, _config.KeyWidth, _config.JointProjection ? QueryKeyStride : _config.KeyWidth);

    /// <summary>Mixed values, n × A.</summary>
    public MatrixView Z(int n) => new(_z, n, _config.AttentionWidth);

    /// <summary>The normed input of the MLP, n × d; that of attention where they share one.</summary>
    public MatrixView Norm2(int n) => new(_norm2, n, _config.ModelWidth);

    /// <summary>x·W_in + b_in, n × d_mlp.</summary>
    public MatrixView Hidden(int n) => new(_hidden, n, _config.MlpWidth);

    /// <summary>x·W_gate + b_gate, n × d_mlp.</summary>
    public MatrixView Gate(int n) => new(_gate, n, _config.MlpWidth);

    /// <summary>f of the gate, or f in front of the norm behind it, n × d_mlp.</summary>
    public MatrixView Gated(int n) => new(_gated, n, _config.MlpWidth);

    /// <summary>What W_out reads, n × d_mlp.</summary>
    public MatrixView Active(int n) => new(_active, n, _config.MlpWidth);

    public Span<float> Mean1(int n) => new(_statistics, n);

    public Span<float> InverseScale1(int n) => new(_statistics + _capacity, n);

    public Span<float> Mean2(int n) => new(_statistics + (2 * _capacity), n);

    public Span<float> InverseScale2(int n) => new(_statistics + (3 * _capacity), n);

    public Span<float> HiddenMean(int n) => new(_statistics + (4 * _capacity), n);

    public Span<float> HiddenInverseScale(int n) => new(_statistics + (5 * _capacity), n);

    /// <summary>The means of one head's queries or one group's keys in front of their norm, n; groups are counted behind heads.</summary>
    public Span<float> QueryKeyMean(int place, int n) => new(_queryKeyStatistics + (2L * place * _capacity), n);

    /// <summary>The inverse scales of one head's queries or one group's keys, n.</summary>
    public Span<float> QueryKeyInverseScale(int place, int n) => new(_queryKeyStatistics + (((2L * place) + 1) * _capacity), n);

    /// <summary>The log of the attention normaliser of one head, n.</summary>
    public Span<float> LogSumExp(int head, int n) => new(_logSumExp + ((long)head * _capacity), n);

    /// <summary>The queries of one head, n × e.</summary>
    public MatrixView Query(int head, int n) => QueryKey(n).ColumnRange(head * _config.HeadWidth, _config.HeadWidth);

    /// <summary>The keys that one head reads, n × e.</summary>
    public MatrixView Key(int head, int n) =>
        QueryKey(n).ColumnRange((_config.Heads + (head / _config.HeadsPerGroup)) * _config.HeadWidth, _config.HeadWidth);

    /// <summary>The values that one head reads, n × e.</summary>
    public MatrixView Value(int head, int n) => Value(n).ColumnRange(head / _config.HeadsPerGroup * _config.HeadWidth, _config.HeadWidth);

    /// <summary>The mixed values of one head, n × e.</summary>
    public MatrixView Z(int head, int n) => Z(n).ColumnRange(head * _config.HeadWidth, _config.HeadWidth);

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private float* Allocate(int width)
    {
        AlignedBuffer<float> buffer = new((long)_capacity * width);
        _buffers.Add(buffer);
        return buffer.Pointer;
    }
}

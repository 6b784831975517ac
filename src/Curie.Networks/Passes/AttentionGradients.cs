using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>Room for the gradients of one block's queries, keys, values and mixed values. n positions.</summary>
internal sealed unsafe class AttentionGradients : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly AlignedBuffer<float> _queryKey;
    private readonly AlignedBuffer<float> _value;
    private readonly AlignedBuffer<float> _z;

    public AttentionGradients(TransformerConfig config, long capacity)
    {
        _config = config;
        _queryKey = new AlignedBuffer<float>(capacity * QueryKeyStride);
        _value = new AlignedBuffer<float>(config.JointProjection ? 0 : capacity * config.KeyWidth);
        _z = new AlignedBuffer<float>(capacity * config.AttentionWidth);
    }

    private int QueryKeyWidth => _config.AttentionWidth + _config.KeyWidth;

    private int QueryKeyStride => _config.JointProjection ? QueryKeyWidth + _config.KeyWidth : QueryKeyWidth;

    /// <summary>[queries | keys], n × (A + G).</summary>
    public MatrixView QueryKey(int n) => new(_queryKey.Pointer, n, QueryKeyWidth, QueryKeyStride);

    /// <summary>[queries | keys | values], n × (A + 2G), where they are one product.</summary>
    public MatrixView QueryKeyValue(int n) => new(_queryKey.Pointer, n, QueryKeyStride);

    /// <summary>Values, n × G.</summary>
    public MatrixView Value(int n) =>
        _config.JointProjection
            ? QueryKeyValue(n).ColumnRange(QueryKeyWidth, _config.KeyWidth)
            : new MatrixView(_value.Pointer, n, _config.KeyWidth);

    /// <summary>Mixed values, n × A.</summary>
    public MatrixView Z(int n) => new(_z.Pointer, n, _config.AttentionWidth);

    /// <summary>The queries of one head, n × e.</summary>
    public MatrixView Query(int head, int n) => QueryKey(n).ColumnRange(head * _config.HeadWidth, _config.HeadWidth);

    /// <summary>The keys of one group, n × e.</summary>
    public MatrixView Key(int group, int n) => QueryKey(n).ColumnRange((_config.Heads + group) * _config.HeadWidth, _config.HeadWidth);

    /// <summary>The values of one group, n × e.</summary>
    public MatrixView Value(int group, int n) => Value(n).ColumnRange(group * _config.HeadWidth, _config.HeadWidth);

    public void Dispose()
    {
        _queryKey.Dispose();
        _value.Dispose();
        _z.Dispose();
    }
}

using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// One number for every parameter of a key-value head and the h query heads that read it, such as a gradient, in the order of a restriction
/// to them: W_Q, W_K, W_V, W_O, b_Q, b_K, b_V without gaps; spans of biases that there are not are empty. u = h·e.
/// </summary>
internal readonly unsafe struct HeadVector(float* data, TransformerConfig config)
{
    private readonly int _width = config.ModelWidth;
    private readonly int _headWidth = config.HeadWidth;
    private readonly int _groupWidth = config.GroupWidth;
    private readonly bool _hasBiases = config.AttentionBiases;

    /// <summary>W_K, d × e.</summary>
    public MatrixView Key => new(data + Queries, _width, _headWidth);

    /// <summary>W_V, d × e.</summary>
    public MatrixView Value => new(data + Queries + Keys, _width, _headWidth);

    /// <summary>W_O, u × d.</summary>
    public MatrixView Output => new(data + Queries + (2 * Keys), _groupWidth, _width);

    /// <summary>b_Q, u.</summary>
    public Span<float> QueryBias => new(Biases, _hasBiases ? _groupWidth : 0);

    /// <summary>b_K, e.</summary>
    public Span<float> KeyBias => new(Biases + _groupWidth, _hasBiases ? _headWidth : 0);

    /// <summary>b_V, e.</summary>
    public Span<float> ValueBias => new(Biases + _groupWidth + _headWidth, _hasBiases ? _headWidth : 0);

    private long Queries => (long)_width * _groupWidth;

    private long Keys => (long)_width * _headWidth;

    private float* Biases => data + (2 * Queries) + (2 * Keys);

    /// <summary>W_Q of one of the query heads, d × e.</summary>
    public MatrixView Query(int head) => new(data + (head * Keys), _width, _headWidth);

    /// <summary>The number of parameters, 2·d·(u + e) + u + 2·e, or 2·d·(u + e) without biases.</summary>
    public static int LengthFor(TransformerConfig config) =>
        (2 * config.ModelWidth * (config.GroupWidth + config.HeadWidth))
        + (config.AttentionBiases ? config.GroupWidth + (2 * config.HeadWidth) : 0);
}

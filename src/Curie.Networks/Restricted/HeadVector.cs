using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// One number for every parameter of a head, such as a gradient, in the order of a restriction to that head:
/// W_Q, W_K, W_V, W_O, b_Q, b_K, b_V without gaps; spans of biases that there are not are empty.
/// </summary>
internal readonly unsafe struct HeadVector(float* data, TransformerConfig config)
{
    private readonly int _width = config.ModelWidth;
    private readonly int _headWidth = config.HeadWidth;
    private readonly int _biasWidth = config.AttentionBiases ? config.HeadWidth : 0;

    /// <summary>W_Q, d × e.</summary>
    public MatrixView Query => new(data, _width, _headWidth);

    /// <summary>W_K, d × e.</summary>
    public MatrixView Key => new(data + Matrix, _width, _headWidth);

    /// <summary>W_V, d × e.</summary>
    public MatrixView Value => new(data + (2 * Matrix), _width, _headWidth);

    /// <summary>W_O, e × d.</summary>
    public MatrixView Output => new(data + (3 * Matrix), _headWidth, _width);

    /// <summary>b_Q, e.</summary>
    public Span<float> QueryBias => new(data + (4 * Matrix), _biasWidth);

    /// <summary>b_K, e.</summary>
    public Span<float> KeyBias => new(data + (4 * Matrix) + _biasWidth, _biasWidth);

    /// <summary>b_V, e.</summary>
    public Span<float> ValueBias => new(data + (4 * Matrix) + (2 * _biasWidth), _biasWidth);

    private long Matrix => (long)_width * _headWidth;

    /// <summary>The number of a head's parameters, 4·d·e + 3·e, or 4·d·e without biases.</summary>
    public static int LengthFor(TransformerConfig config) =>
        ((4 * config.ModelWidth) + (config.AttentionBiases ? 3 : 0)) * config.HeadWidth;
}

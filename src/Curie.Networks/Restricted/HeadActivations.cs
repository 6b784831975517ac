using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>What one head computes for one row at one weight vector. w positions attend to n, e numbers each.</summary>
internal readonly unsafe struct HeadActivations
{
    private readonly float* _logSumExp;

    /// <summary>Room in a frame of working memory.</summary>
    public HeadActivations(Scratch.Frame frame, int attending, int positions, int width)
    {
        Query = frame.Matrix(attending, width);
        Key = frame.Matrix(positions, width);
        Value = frame.Matrix(positions, width);
        Mixed = frame.Matrix(attending, width);
        _logSumExp = frame.Pointer(attending);
    }

    /// <summary>Queries, w × e.</summary>
    public MatrixView Query { get; }

    /// <summary>Keys, n × e.</summary>
    public MatrixView Key { get; }

    /// <summary>Values, n × e.</summary>
    public MatrixView Value { get; }

    /// <summary>z, the mixed values, w × e.</summary>
    public MatrixView Mixed { get; init; }

    /// <summary>The logarithm of the attention normaliser, w.</summary>
    public Span<float> LogSumExp => new(_logSumExp, Query.Rows);
}

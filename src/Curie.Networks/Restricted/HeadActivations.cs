using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// What a key-value head and the h query heads that read it compute for one row at one weight vector. w positions attend to n; u = h·e.
/// </summary>
internal readonly unsafe struct HeadActivations
{
    private readonly float* _logSumExp;
    private readonly float* _statistics;
    private readonly int _heads;

    /// <summary>Room in a frame of working memory.</summary>
    public HeadActivations(Scratch.Frame frame, TransformerConfig config, int attending, int positions)
    {
        _heads = config.HeadsPerGroup;
        Query = frame.Matrix(attending, config.GroupWidth);
        Key = frame.Matrix(positions, config.HeadWidth);
        Value = frame.Matrix(positions, config.HeadWidth);
        Mixed = frame.Matrix(attending, config.GroupWidth);
        _logSumExp = frame.Pointer((long)attending * _heads);
        (RawQuery, RawKey) = (Query, Key);
        if (config.QueryKeyNorm)
        {
            RawQuery = frame.Matrix(attending, config.GroupWidth);
            RawKey = frame.Matrix(positions, config.HeadWidth);
            _statistics = frame.Pointer(2L * ((_heads * attending) + positions));
        }
    }

    /// <summary>Queries as they meet keys, w × u.</summary>
    public MatrixView Query { get; }

    /// <summary>Keys as they meet queries, n × e.</summary>
    public MatrixView Key { get; }

    /// <summary>Values, n × e.</summary>
    public MatrixView Value { get; }

    /// <summary>Queries in front of their norms, where they have any, w × u.</summary>
    public MatrixView RawQuery { get; }

    /// <summary>Keys in front of their norm, where they have one, n × e.</summary>
    public MatrixView RawKey { get; }

    /// <summary>z, the mixed values, w × u.</summary>
    public MatrixView Mixed { get; init; }

    /// <summary>The logarithm of one query head's attention normaliser, w.</summary>
    public Span<float> LogSumExp(int head) => new(_logSumExp + ((long)head * Query.Rows), Query.Rows);

    /// <summary>The means of one query head's queries in front of their norm, w.</summary>
    public Span<float> QueryMean(int head) => new(_statistics + (2L * head * Query.Rows), Query.Rows);

    /// <summary>The inverse scales of one query head's queries, w.</summary>
    public Span<float> QueryInverseScale(int head) => new(_statistics + (((2L * head) + 1) * Query.Rows), Query.Rows);

    /// <summary>The means of keys in front of their norm, n.</summary>
    public Span<float> KeyMean() => new(_statistics + (2L * _heads * Query.Rows), Key.Rows);

    /// <summary>The inverse scales of keys, n.</summary>
    public Span<float> KeyInverseScale() => new(_statistics + (2L * _heads * Query.Rows) + Key.Rows, Key.Rows);
}

using Curie.Networks.Components;
using Curie.Networks.Parameters;

namespace Curie.Response.Experiments;

/// <summary>The amount of work of a scan, from which it is planned.</summary>
internal sealed record ScanWork
{
    /// <summary>The model.</summary>
    public required ParameterLayout Layout { get; init; }

    /// <summary>The tokens of the longest row.</summary>
    public required int RowLength { get; init; }

    /// <summary>What is scanned.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The threads.</summary>
    public required int Workers { get; init; }

    /// <summary>The weight vectors of a component that may be evaluated together: both draws of every pair of a unit.</summary>
    public required int Vectors { get; init; }

    /// <summary>The rows that are evaluated at every weight vector.</summary>
    public required long Rows { get; init; }

    /// <summary>Bytes that the scan holds throughout beside the model: token rows, results.</summary>
    public required long BytesThroughout { get; init; }

    /// <summary>Bytes of the sums of every component that is being scanned.</summary>
    public required long BytesPerComponent { get; init; }

    /// <summary>Bytes of the losses of every weight vector that is evaluated together with others.</summary>
    public required long BytesPerEvaluation { get; init; }
}

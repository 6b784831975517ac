using Curie.Response.Estimators;

namespace Curie.Response.Comparison;

/// <summary>How two runs are compared.</summary>
public sealed record RunComparisonOptions
{
    /// <summary>The part of the response. Default: χ.</summary>
    public ResponsePart Part { get; init; } = ResponsePart.Susceptibility;

    /// <summary>
    /// Whether the heads of every layer are put beside their counterparts in the other run, for models that differ by their seed; the runs
    /// then must follow the same tokens. Default: components of the same name are compared.
    /// </summary>
    public bool Match { get; init; }

    /// <summary>nβ of the first run; 0 where it has none, and then λ̂ is not compared. Default 0.</summary>
    public double FirstNBeta { get; init; }

    /// <summary>nβ of the second run. Default 0.</summary>
    public double SecondNBeta { get; init; }
}

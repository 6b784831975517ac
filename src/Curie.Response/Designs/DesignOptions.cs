using Curie.Response.Estimators;

namespace Curie.Response.Designs;

/// <summary>How data are designed. Either <see cref="Amount"/> or <see cref="Spread"/> says how much.</summary>
public sealed record DesignOptions
{
    /// <summary>What is to change.</summary>
    public required DesignTarget Target { get; init; }

    /// <summary>nβ of the run.</summary>
    public required double NBeta { get; init; }

    /// <summary>
    /// The part of the response whose modes these are. Default χ; what is predicted is always by the covariance and by χ.
    /// </summary>
    public ResponsePart Part { get; init; } = ResponsePart.Susceptibility;

    /// <summary>The probe whose tokens get weights, from 0. Default the first.</summary>
    public int Probe { get; init; }

    /// <summary>
    /// dμ: the change along the target, whose direction has length 1, in nats, by the linear response of <see cref="Part"/>: of the
    /// covariance that of E_C[φ]. Default null.
    /// </summary>
    public double? Amount { get; init; }

    /// <summary>
    /// The standard deviation over tokens of the weights about 1, before negative ones are cut, with the sign of the change. Default null.
    /// </summary>
    public double? Spread { get; init; }

    /// <summary>Whether negative weights stay, by which a token is unlearned, rather than become 0. Default false.</summary>
    public bool KeepsNegative { get; init; }

    /// <summary>
    /// For a component as target: modes whose scores repeat themselves less than this between halves of the draws are left out of the
    /// inverse. Default 0.5: half of the variance over tokens is no sampling error.
    /// </summary>
    public double LeastReliability { get; init; } = 0.5;
}

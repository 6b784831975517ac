namespace Curie.Response.Linearity;

/// <summary>What a posterior that is really perturbed gives at one share of the probe.</summary>
/// <param name="Share">h.</param>
/// <param name="Value">The change over h, so that a linear response gives the same at every h.</param>
/// <param name="StandardError">Its standard error.</param>
public readonly record struct CurvePoint(double Share, double Value, double StandardError);

using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>What a setting gave.</summary>
/// <param name="Coefficients">The coefficient and the health of every component, in order.</param>
/// <param name="Responses">How well every component's response is seen; empty where it was not measured.</param>
public sealed record SettingMeasure(IReadOnlyList<ComponentCoefficient> Coefficients, IReadOnlyList<ComponentResponse> Responses);

using Curie.Sampling.Coupling;

namespace Curie.Sampling.Chains;

/// <summary>One component to sample.</summary>
/// <param name="Name">Its name (<c>l0h1</c>, <c>full</c>), part of the noise key and of every message.</param>
/// <param name="Surface">Its loss.</param>
/// <param name="InitLoss">L0 = P(w*), measured on the rows that give P.</param>
/// <param name="NullLine">The loss of the uniform predictor, ln V; null for none.</param>
public sealed record SampledComponent(string Name, ILossSurface Surface, double InitLoss, double? NullLine = null)
{
    /// <summary>
    /// The loss of the uniform predictor, ln V, above which a chain no longer samples the model; null for none. A checkpoint that is itself
    /// no better, as with random weights or early in training, has no line that chains could cross.
    /// </summary>
    public double? NullLine { get; } = InitLoss < NullLine ? NullLine : null;

    /// <summary>What goes beside every chain; nothing by default.</summary>
    public IReadOnlyList<Companion> Companions { get; init; } = [];
}

using Curie.Numerics.Memory;

namespace Curie.Sampling;

/// <summary>Where a gradient is wanted.</summary>
/// <param name="Surface">The surface, by its place in its group.</param>
/// <param name="Weights">w, of the surface's dimension; read only.</param>
/// <param name="Gradient">Receives ∇L_m(w), of the same length.</param>
public readonly record struct SurfacePoint(int Surface, AlignedBuffer<float> Weights, AlignedBuffer<float> Gradient);

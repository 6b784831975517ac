namespace Curie.Numerics.Kernels;

/// <summary>The constants of an RMSProp preconditioner G = 1/(√(c·v) + b), v ← a·v + (1 − a)·g².</summary>
/// <param name="Decay">a.</param>
/// <param name="Offset">b.</param>
/// <param name="Correction">c: 1, or 1/(1 − aᵗ) at update t (from 1) where the start of v is to be forgotten.</param>
public readonly record struct RmsPropOptions(double Decay, double Offset, double Correction);

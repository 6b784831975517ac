namespace Curie.Numerics.Tests.Simd;

/// <summary>The functions of VectorMath, for tests that go over all of them.</summary>
public enum VectorFunction
{
    Exp,
    ExpOfTerm,
    Log,
    Sin,
    Cos,
    Tanh,
    Erf,
}

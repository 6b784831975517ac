namespace Curie.Numerics.Simd;

/// <summary>The width of the vectors that the kernels compute with.</summary>
public enum SimdWidth
{
    /// <summary>One float at a time, with <see cref="MathF.FusedMultiplyAdd"/>.</summary>
    Scalar = 32,

    /// <summary>128-bit vectors of four floats.</summary>
    Bits128 = 128,

    /// <summary>256-bit vectors of eight floats.</summary>
    Bits256 = 256,

    /// <summary>512-bit vectors of sixteen floats.</summary>
    Bits512 = 512,
}

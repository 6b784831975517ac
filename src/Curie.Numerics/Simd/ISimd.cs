namespace Curie.Numerics.Simd;

/// <summary>
/// The operations that the kernels need from one vector width. A kernel is written once, generic over an implementation of this
/// interface, and the JIT compiles it once per width with every call inlined.
/// </summary>
/// <typeparam name="TVector">The vector: <c>Vector512&lt;float&gt;</c> … <c>float</c>.</typeparam>
public unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats in one vector.</summary>
    static abstract int Count { get; }

    /// <summary>A vector of zeros.</summary>
    static abstract TVector Zero { get; }

    /// <summary>A vector whose elements are all <paramref name="value"/>.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>Reads <see cref="Count"/> floats; no alignment is needed.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes <see cref="Count"/> floats; no alignment is needed.</summary>
    static abstract void Store(TVector vector, float* destination);

    /// <summary>Reads the first <paramref name="count"/> floats (1 to <see cref="Count"/>), zeros behind them.</summary>
    static abstract TVector LoadPartial(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> floats (1 to <see cref="Count"/>) and nothing behind them.</summary>
    static abstract void StorePartial(TVector vector, float* destination, int count);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of each pair; NaN if <paramref name="b"/> is, and if only <paramref name="a"/> is, either.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The smaller of each pair; if one is NaN the result may be either.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The square root.</summary>
    static abstract TVector Sqrt(TVector a);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>The absolute value.</summary>
    static abstract TVector Abs(TVector a);

    /// <summary>|magnitude| with the sign of <paramref name="sign"/>.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>e of a = m·2ᵉ with 1 ≤ m &lt; 2, for positive normal a.</summary>
    static abstract TVector Exponent(TVector a);

    /// <summary>m of a = m·2ᵉ with 1 ≤ m &lt; 2, for positive normal a.</summary>
    static abstract TVector Mantissa(TVector a);

    /// <summary>a · 2ⁿ for a positive and integral n ≥ −126 held as float; from 2¹²⁸ on it may be +∞ whatever a.</summary>
    static abstract TVector ScaleByPowerOfTwo(TVector a, TVector n);

    /// <summary>Elementwise a &gt; b ? whenTrue : whenFalse.</summary>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector whenTrue, TVector whenFalse);

    /// <summary>
    /// The elements of <paramref name="first"/> before element <paramref name="count"/>, and those of <paramref name="rest"/> from it on.
    /// </summary>
    static abstract TVector SelectFirst(int count, TVector first, TVector rest);

    /// <summary>The sum of the elements, in a fixed order.</summary>
    static abstract float Sum(TVector a);

    /// <summary>The largest element.</summary>
    static abstract float MaxElement(TVector a);
}

using System.Runtime.CompilerServices;

namespace Curie.Numerics.Simd;

/// <summary>
/// Elementary functions of float32 vectors. Every width computes the same bits for the same argument: only correctly rounded operations
/// are used, in one order. The polynomials are minimax fits made for this file (Remez exchange in 40-digit arithmetic).
/// </summary>
public static class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has 15 fraction bits, so that n·Ln2High is exact for the exponents n of float32.
    private const float Ln2High = 0.693145751953125f;
    private const float Ln2Low = 1.428606820e-6f;

    private const float ExpUnderflow = -87.33654f;
    private const float ExpOverflow = 88.37626f;

    /// <summary>
    /// eˣ within 2 ulp for −87.33 ≤ x ≤ 88.37; exactly 1 at 0, exactly 0 below, +∞ above, NaN of NaN. With n = round(x/ln 2) and
    /// r = x − n·ln 2 (Cody–Waite, two parts): eˣ = 2ⁿ·(1 + r + r²·P(r)).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Broadcast(Log2E)));
        n = TSimd.Max(n, TSimd.Broadcast(-126f));
        TVector value = TSimd.SelectGreater(TSimd.Broadcast(ExpUnderflow), x, TSimd.Zero, ScaledExp(x, n));
        return TSimd.SelectGreater(x, TSimd.Broadcast(ExpOverflow), TSimd.Broadcast(float.PositiveInfinity), value);
    }

    /// <summary>
    /// The terms of a sum of exponentials that has a term far larger than 10⁻³⁸: eˣ with a relative error of at most (3 + 1.25·|x|)·2⁻²⁴
    /// for
    /// −87.33 ≤ x ≤ 88.37, exactly 1 at 0; 1.2·10⁻³⁸ below; at least 2¹²⁷ above; NaN of NaN. With t = x·log₂e,
    /// n = round(t) and r = t − n: eˣ = 2ⁿ·P(r). Fewer operations than <see cref="Exp"/>, since t is rounded and used as it is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfTerm(TVector x)
    {
        TVector t = TSimd.Max(TSimd.Broadcast(-126f), TSimd.Multiply(x, TSimd.Broadcast(Log2E)));
        TVector n = TSimd.Round(t);
        TVector r = TSimd.Subtract(t, n);
        TVector p = TSimd.Broadcast(1.326957019e-3f);
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(9.671294130e-3f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(5.550710857e-2f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(2.402224690e-1f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(6.931470037e-1f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(1f));
        return TSimd.ScaleByPowerOfTwo(p, n);
    }

    /// <summary>
    /// ln x within 2 ulp for positive normal x (other arguments have no meaning here); exactly 0 at 1. With x = 2ᵉ·(1 + f),
    /// √½ ≤ 1 + f ≤ √2: ln x = e·ln 2 + f − f²/2 + f³·P(f).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        TVector one = TSimd.Broadcast(1f);
        TVector m = TSimd.Mantissa(x);
        TVector e = TSimd.Exponent(x);
        TVector threshold = TSimd.Broadcast(1.41421356f);
        e = TSimd.SelectGreater(m, threshold, TSimd.Add(e, one), e);
        m = TSimd.SelectGreater(m, threshold, TSimd.Multiply(m, TSimd.Broadcast(0.5f)), m);
        TVector f = TSimd.Subtract(m, one);
        TVector p = TSimd.Broadcast(6.915539459e-2f);
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(-1.178986428e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(1.187292601e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(-1.238433529e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(1.421866384e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(-1.666925180e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(2.000222632e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(-2.499998658e-1f));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(3.333331045e-1f));
        TVector square = TSimd.Multiply(f, f);
        TVector tail = TSimd.Multiply(TSimd.Multiply(square, f), p);
        tail = TSimd.FusedMultiplyAdd(e, TSimd.Broadcast(Ln2Low), tail);
        tail = TSimd.FusedMultiplyAdd(square, TSimd.Broadcast(-0.5f), tail);
        return TSimd.FusedMultiplyAdd(e, TSimd.Broadcast(Ln2High), TSimd.Add(f, tail));
    }

    /// <summary>
    /// sin 2πu and cos 2πu for 0 ≤ u ≤ 1, absolute error at most 2·10⁻⁷. With k = round(4u) the rest r = u − k/4 is exact and at most
    /// 1/8, and the quadrant k picks the polynomial and the sign.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Sin, TVector Cos) SinCosTwoPi(TVector u)
    {
        TVector one = TSimd.Broadcast(1f);
        TVector k = TSimd.Round(TSimd.Multiply(u, TSimd.Broadcast(4f)));
        TVector r = TSimd.FusedMultiplyAdd(k, TSimd.Broadcast(-0.25f), u);
        TVector z = TSimd.Multiply(r, r);

        TVector sine = TSimd.Broadcast(-75.40077463f);
        sine = TSimd.FusedMultiplyAdd(sine, z, TSimd.Broadcast(81.59252828f));
        sine = TSimd.FusedMultiplyAdd(sine, z, TSimd.Broadcast(-41.34166251f));
        sine = TSimd.FusedMultiplyAdd(sine, z, TSimd.Broadcast(6.283185288f));
        sine = TSimd.Multiply(sine, r);

        TVector cosine = TSimd.Broadcast(59.24497323f);
        cosine = TSimd.FusedMultiplyAdd(cosine, z, TSimd.Broadcast(-85.44371570f));
        cosine = TSimd.FusedMultiplyAdd(cosine, z, TSimd.Broadcast(64.93932627f));
        cosine = TSimd.FusedMultiplyAdd(cosine, z, TSimd.Broadcast(-19.73920869f));
        cosine = TSimd.FusedMultiplyAdd(cosine, z, one);

        // k is 0 … 4. Distances to 2, 2.5 and 1.5 tell odd k, negative sines (k = 2, 3) and negative cosines (k = 1, 2).
        TVector oddness = TSimd.Abs(TSimd.Subtract(TSimd.Abs(TSimd.Subtract(k, TSimd.Broadcast(2f))), one));
        TVector half = TSimd.Broadcast(0.5f);
        TVector sin = TSimd.SelectGreater(half, oddness, cosine, sine);
        TVector cos = TSimd.SelectGreater(half, oddness, sine, cosine);
        TVector negativeSin = TSimd.Abs(TSimd.Subtract(k, TSimd.Broadcast(2.5f)));
        TVector negativeCos = TSimd.Abs(TSimd.Subtract(k, TSimd.Broadcast(1.5f)));
        sin = TSimd.SelectGreater(one, negativeSin, TSimd.Subtract(TSimd.Zero, sin), sin);
        cos = TSimd.SelectGreater(one, negativeCos, TSimd.Subtract(TSimd.Zero, cos), cos);
        return (sin, cos);
    }

    /// <summary>
    /// tanh x, absolute error at most 2·10⁻⁷ and relative error at most 3·10⁻⁷; odd. Below 0.625 x + x³·P(x²), above
    /// 1 − 2/(e²ˣ + 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        TVector magnitude = TSimd.Abs(x);
        TVector z = TSimd.Multiply(x, x);
        TVector p = TSimd.Broadcast(-5.717045282e-3f);
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(2.065058757e-2f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(-5.374349820e-2f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(1.333149129e-1f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(-3.333328393e-1f));
        TVector small = TSimd.FusedMultiplyAdd(TSimd.Multiply(z, magnitude), p, magnitude);

        TVector one = TSimd.Broadcast(1f);
        TVector exponential = Exp(TSimd.Add(magnitude, magnitude));
        TVector large = TSimd.Subtract(one, TSimd.Divide(TSimd.Broadcast(2f), TSimd.Add(exponential, one)));
        return TSimd.CopySign(TSimd.SelectGreater(magnitude, TSimd.Broadcast(0.625f), large, small), x);
    }

    /// <summary>
    /// erf x, absolute error at most 3·10⁻⁷; odd. Up to 1 x·P(x²), above 1 − exp(−Q(x)) with Q a fit of −ln erfc on [1, 4]; exactly ±1
    /// beyond 4, where erfc is below half an ulp of 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erf(TVector x)
    {
        TVector magnitude = TSimd.Abs(x);
        TVector z = TSimd.Multiply(x, x);
        TVector p = TSimd.Broadcast(-5.660156937e-4f);
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(4.924789947e-3f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(-2.671770779e-2f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(1.128041162e-1f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(-3.761235568e-1f));
        p = TSimd.FusedMultiplyAdd(p, z, TSimd.Broadcast(1.128379129f));
        TVector small = TSimd.Multiply(p, magnitude);

        TVector one = TSimd.Broadcast(1f);
        TVector t = TSimd.Min(magnitude, TSimd.Broadcast(4f));
        TVector q = TSimd.Broadcast(1.150418053e-3f);
        q = TSimd.FusedMultiplyAdd(q, t, TSimd.Broadcast(-1.477808942e-2f));
        q = TSimd.FusedMultiplyAdd(q, t, TSimd.Broadcast(8.863408420e-2f));
        q = TSimd.FusedMultiplyAdd(q, t, TSimd.Broadcast(6.544890766e-1f));
        q = TSimd.FusedMultiplyAdd(q, t, TSimd.Broadcast(1.117438391f));
        q = TSimd.FusedMultiplyAdd(q, t, TSimd.Broadcast(2.671727706e-3f));
        TVector large = TSimd.Subtract(one, Exp(TSimd.Subtract(TSimd.Zero, q)));
        TVector value = TSimd.SelectGreater(magnitude, one, large, small);
        return TSimd.CopySign(TSimd.SelectGreater(magnitude, TSimd.Broadcast(4f), one, value), x);
    }

    /// <summary>2ⁿ·(1 + r + r²·P(r)) with r = x − n·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ScaledExp(TVector x, TVector n)
    {
        TVector r = TSimd.FusedMultiplyAdd(n, TSimd.Broadcast(-Ln2High), x);
        r = TSimd.FusedMultiplyAdd(n, TSimd.Broadcast(-Ln2Low), r);
        TVector p = TSimd.Broadcast(1.381446730e-3f);
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(8.368780419e-3f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(4.166839421e-2f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(1.666652011e-1f));
        p = TSimd.FusedMultiplyAdd(p, r, TSimd.Broadcast(4.999999341e-1f));
        p = TSimd.FusedMultiplyAdd(TSimd.Multiply(r, r), p, r);
        return TSimd.ScaleByPowerOfTwo(TSimd.Add(p, TSimd.Broadcast(1f)), n);
    }
}

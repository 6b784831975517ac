using System.Runtime.CompilerServices;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>A pointwise function and its derivative, on vectors; a struct, so that the loop over a matrix inlines it.</summary>
internal interface IActivationFunction<TVector>
    where TVector : struct
{
    /// <summary>f(x).</summary>
    static abstract TVector Value(TVector x);

    /// <summary>f′(x).</summary>
    static abstract TVector Derivative(TVector x);
}

/// <summary>max(x, 0), NaN of NaN.</summary>
internal readonly struct ReluFunction<TSimd, TVector> : IActivationFunction<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector x) => TSimd.SelectGreater(TSimd.Zero, x, TSimd.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x) => TSimd.SelectGreater(x, TSimd.Zero, TSimd.Broadcast(1), TSimd.Zero);
}

/// <summary>x·Φ(x); the derivative is Φ(x) + x·φ(x) with the normal density φ.</summary>
internal readonly struct GeluFunction<TSimd, TVector> : IActivationFunction<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float InverseSqrt2 = 0.707106781f;
    private const float InverseSqrtTwoPi = 0.398942280f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector x) => TSimd.Multiply(x, Distribution(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x)
    {
        TVector exponent = TSimd.Multiply(TSimd.Multiply(x, TSimd.Broadcast(-0.5f)), x);
        TVector density = TSimd.Multiply(VectorMath<TSimd, TVector>.Exp(exponent), TSimd.Broadcast(InverseSqrtTwoPi));
        return TSimd.FusedMultiplyAdd(x, density, Distribution(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Distribution(TVector x)
    {
        TVector half = TSimd.Broadcast(0.5f);
        return TSimd.FusedMultiplyAdd(half, VectorMath<TSimd, TVector>.Erf(TSimd.Multiply(x, TSimd.Broadcast(InverseSqrt2))), half);
    }
}

/// <summary>
/// ½x(1 + tanh(s)) with s = √(2/π)(x + 0.044715 x³); the derivative is ½(1 + tanh s) + ½x(1 − tanh² s)·√(2/π)(1 + 0.134145 x²).
/// </summary>
internal readonly struct GeluNewFunction<TSimd, TVector> : IActivationFunction<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float SqrtTwoOverPi = 0.797884561f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector x)
    {
        TVector half = TSimd.Multiply(x, TSimd.Broadcast(0.5f));
        return TSimd.FusedMultiplyAdd(half, TanhOfArgument(x), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x)
    {
        TVector half = TSimd.Broadcast(0.5f);
        TVector one = TSimd.Broadcast(1);
        TVector tanh = TanhOfArgument(x);
        TVector slope = TSimd.FusedMultiplyAdd(
            TSimd.Multiply(x, x),
            TSimd.Broadcast(3 * Cubic * SqrtTwoOverPi),
            TSimd.Broadcast(SqrtTwoOverPi)
        );

        // (1 − t)(1 + t) and not 1 − t²: the slope grows as x², and the rounding of t² would grow with it.
        TVector decay = TSimd.Multiply(TSimd.Subtract(one, tanh), TSimd.Add(one, tanh));
        TVector product = TSimd.Multiply(TSimd.Multiply(TSimd.Multiply(x, half), decay), slope);
        return TSimd.Add(TSimd.FusedMultiplyAdd(half, tanh, half), product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector TanhOfArgument(TVector x)
    {
        TVector factor = TSimd.FusedMultiplyAdd(
            TSimd.Multiply(x, x),
            TSimd.Broadcast(Cubic * SqrtTwoOverPi),
            TSimd.Broadcast(SqrtTwoOverPi)
        );
        return VectorMath<TSimd, TVector>.Tanh(TSimd.Multiply(x, factor));
    }
}

/// <summary>x·σ(x) with σ(x) = ½(1 + tanh(x/2)); the derivative is σ(x)·(1 + x·(1 − σ(x))).</summary>
internal readonly struct SiluFunction<TSimd, TVector> : IActivationFunction<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector x) => TSimd.Multiply(x, Logistic(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x)
    {
        TVector one = TSimd.Broadcast(1);
        TVector logistic = Logistic(x);
        return TSimd.Multiply(logistic, TSimd.FusedMultiplyAdd(x, TSimd.Subtract(one, logistic), one));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Logistic(TVector x)
    {
        TVector half = TSimd.Broadcast(0.5f);
        return TSimd.FusedMultiplyAdd(half, VectorMath<TSimd, TVector>.Tanh(TSimd.Multiply(x, half)), half);
    }
}

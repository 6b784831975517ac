using System.Runtime.Intrinsics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Tests.Simd;

/// <summary>
/// Dense grids against float64 functions; the tolerances are the bounds that <see cref="VectorMath{TSimd,TVector}"/> states.
/// </summary>
public sealed unsafe class VectorMathTests
{
    private const int GridPoints = 1 << 20;

    public static TheoryData<SimdWidth> Widths => [.. Numerics.Kernels.Kernels.SupportedWidths];

    [Fact]
    public void Exp_is_within_two_ulp_over_its_whole_range()
    {
        float[] x = Grid(-87.33f, 88.37f);
        float[] y = Evaluate(VectorFunction.Exp, x, SimdWidth.Scalar);
        for (int i = 0; i < x.Length; i++)
        {
            double truth = Math.Exp(x[i]);
            Assert.True(Math.Abs(y[i] - truth) <= 2 * Ulp(truth), $"exp({x[i]:R}) = {y[i]:R}, not {truth:R}");
        }
    }

    [Fact]
    public void Exp_saturates_exactly_outside_its_range_and_keeps_NaN()
    {
        float[] x = [0f, -87.34f, -1000f, float.NegativeInfinity, 88.38f, 1e30f, float.PositiveInfinity, float.NaN, -3e38f];
        float inf = float.PositiveInfinity;
        Assert.Equal([1f, 0f, 0f, 0f, inf, inf, inf, float.NaN, 0f], Evaluate(VectorFunction.Exp, x, SimdWidth.Scalar));
    }

    [Fact]
    public void The_exponential_of_a_term_has_the_stated_relative_error_and_is_exact_at_zero()
    {
        float[] x = [0f, .. Grid(-87.33f, 88.37f), .. Grid(-2f, 2f)];
        float[] y = Evaluate(VectorFunction.ExpOfTerm, x, SimdWidth.Scalar);
        Assert.Equal(1f, y[0]);
        for (int i = 0; i < x.Length; i++)
        {
            double truth = Math.Exp(x[i]);
            Assert.True(
                Math.Abs(y[i] - truth) <= (3 + (1.25 * Math.Abs(x[i]))) * Math.Pow(2, -24) * truth,
                $"exp({x[i]:R}) = {y[i]:R}, not {truth:R}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_exponential_of_a_term_is_tiny_below_its_range_and_huge_above_and_keeps_NaN(SimdWidth width)
    {
        float[] below = Evaluate(VectorFunction.ExpOfTerm, [-88f, -1000f, -3e38f, float.NegativeInfinity], width);
        Assert.All(below, value => Assert.InRange(value, 0, 1.3e-38f));
        float[] above = Evaluate(VectorFunction.ExpOfTerm, [88.4f, 88.73f, 90f, 200f, 1e5f, 1e30f], width);
        Assert.All(above, value => Assert.True(value >= MathF.ScaleB(1, 127)));
        Assert.True(float.IsNaN(Evaluate(VectorFunction.ExpOfTerm, [float.NaN], width)[0]));
    }

    [Fact]
    public void Log_is_within_two_ulp_from_the_smallest_normal_number_up()
    {
        float[] exponents = Grid(-125.9f, 127.9f);
        float[] x = [.. exponents.Select(e => (float)Math.Pow(2, e)), .. Grid(0.5f, 2f), 1f, MathF.Pow(2, -126)];
        float[] y = Evaluate(VectorFunction.Log, x, SimdWidth.Scalar);
        for (int i = 0; i < x.Length; i++)
        {
            double truth = Math.Log(x[i]);
            Assert.True(Math.Abs(y[i] - truth) <= 2 * Ulp(truth), $"log({x[i]:R}) = {y[i]:R}, not {truth:R}");
        }
    }

    [Fact]
    public void Sine_and_cosine_of_a_turn_are_within_2e_minus_7()
    {
        float[] u = [.. Grid(0f, 1f), 0f, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, 1f, 1f - MathF.Pow(2, -24), 1e-30f];
        float[] sin = Evaluate(VectorFunction.Sin, u, SimdWidth.Scalar);
        float[] cos = Evaluate(VectorFunction.Cos, u, SimdWidth.Scalar);
        for (int i = 0; i < u.Length; i++)
        {
            Assert.True(Math.Abs(sin[i] - Math.Sin(2 * Math.PI * u[i])) <= 2e-7, $"sin 2π·{u[i]:R} = {sin[i]:R}");
            Assert.True(Math.Abs(cos[i] - Math.Cos(2 * Math.PI * u[i])) <= 2e-7, $"cos 2π·{u[i]:R} = {cos[i]:R}");
        }
    }

    [Fact]
    public void Tanh_is_within_its_absolute_and_relative_bounds()
    {
        float[] x = [.. Grid(-12f, 12f), .. Grid(-0.7f, 0.7f), 0f, -1e-20f, 100f, -100f];
        float[] y = Evaluate(VectorFunction.Tanh, x, SimdWidth.Scalar);
        for (int i = 0; i < x.Length; i++)
        {
            double truth = Math.Tanh(x[i]);
            double bound = Math.Min(2e-7, 3e-7 * Math.Abs(truth));
            Assert.True(Math.Abs(y[i] - truth) <= bound, $"tanh({x[i]:R}) = {y[i]:R}, not {truth:R}");
        }
    }

    [Fact]
    public void Erf_is_within_3e_minus_7()
    {
        float[] x = [.. Grid(-5f, 5f), 0f, 1f, -1f, 50f, -50f];
        float[] y = Evaluate(VectorFunction.Erf, x, SimdWidth.Scalar);
        for (int i = 0; i < x.Length; i++)
        {
            double truth = Erf(x[i]);
            Assert.True(Math.Abs(y[i] - truth) <= 3e-7, $"erf({x[i]:R}) = {y[i]:R}, not {truth:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_width_computes_the_same_bits(SimdWidth width)
    {
        float[] x = Grid(0.001f, 0.999f)[..(1 << 14)];
        float[] wide = Grid(-100f, 100f)[..(1 << 14)];
        float[] terms = Grid(-100f, 88f)[..(1 << 14)];
        foreach (VectorFunction function in Enum.GetValues<VectorFunction>())
        {
            bool restricted = function is VectorFunction.Log or VectorFunction.Sin or VectorFunction.Cos;
            float[] arguments =
                restricted ? x
                : function is VectorFunction.ExpOfTerm ? terms
                : wide;
            Assert.Equal(Evaluate(function, arguments, SimdWidth.Scalar), Evaluate(function, arguments, width));
        }
    }

    // Independent of the fits: the Maclaurin series below 3, the continued fraction of erfc (Laplace) above.
    private static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a < 3)
        {
            double term = a;
            double sum = a;
            for (int n = 1; n < 100; n++)
            {
                term *= -a * a / n;
                sum += term / ((2 * n) + 1);
            }

            return Math.CopySign(2 / Math.Sqrt(Math.PI) * sum, x);
        }

        double fraction = a;
        for (int n = 60; n >= 1; n--)
        {
            fraction = a + (n / 2.0 / fraction);
        }

        return Math.CopySign(1 - (Math.Exp(-a * a) / (Math.Sqrt(Math.PI) * fraction)), x);
    }

    private static double Ulp(double value) => MathF.BitIncrement((float)Math.Abs(value)) - (double)(float)Math.Abs(value);

    private static float[] Grid(float low, float high)
    {
        float[] grid = new float[GridPoints];
        for (int i = 0; i < grid.Length; i++)
        {
            grid[i] = (float)(low + ((high - low) * ((double)i / (GridPoints - 1))));
        }

        return grid;
    }

    private static float[] Evaluate(VectorFunction function, float[] x, SimdWidth width) =>
        width switch
        {
            SimdWidth.Bits512 => Evaluate<Simd512, Vector512<float>>(function, x),
            SimdWidth.Bits256 => Evaluate<Simd256, Vector256<float>>(function, x),
            SimdWidth.Bits128 => Evaluate<Simd128, Vector128<float>>(function, x),
            _ => Evaluate<SimdScalar, float>(function, x),
        };

    private static float[] Evaluate<TSimd, TVector>(VectorFunction function, float[] x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float[] y = new float[x.Length];
        fixed (
            float* source = x,
                destination = y
        )
        {
            for (int i = 0; i < x.Length; i += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, x.Length - i);
                TVector argument = TSimd.LoadPartial(source + i, count);
                TVector value = function switch
                {
                    VectorFunction.Exp => VectorMath<TSimd, TVector>.Exp(argument),
                    VectorFunction.ExpOfTerm => VectorMath<TSimd, TVector>.ExpOfTerm(argument),
                    VectorFunction.Log => VectorMath<TSimd, TVector>.Log(argument),
                    VectorFunction.Sin => VectorMath<TSimd, TVector>.SinCosTwoPi(argument).Sin,
                    VectorFunction.Cos => VectorMath<TSimd, TVector>.SinCosTwoPi(argument).Cos,
                    VectorFunction.Tanh => VectorMath<TSimd, TVector>.Tanh(argument),
                    _ => VectorMath<TSimd, TVector>.Erf(argument),
                };
                TSimd.StorePartial(value, destination + i, count);
            }
        }

        return y;
    }
}

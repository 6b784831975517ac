using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Tests.Kernels;

public sealed class PointwiseTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;

    /// <summary>The absolute error of the vector erf and tanh, as their documentation states.</summary>
    private const double FunctionError = 3e-7;

    [Theory]
    [EveryWidth(Activation.Relu)]
    [EveryWidth(Activation.Gelu)]
    [EveryWidth(Activation.GeluNew)]
    [EveryWidth(Activation.Silu)]
    public void Activations_and_derivatives_are_the_reference_within_the_error_of_erf_and_tanh(SimdWidth width, Activation activation)
    {
        using Operand x = Grid();
        using Operand dy = Operand.Gaussian(x.View.Rows, x.View.Columns, 9, gap: 0);
        using var expected = new Operand(x.View.Rows, x.View.Columns, 1);
        using var actual = new Operand(x.View.Rows, x.View.Columns, 2);
        var kernels = KernelsUnderTest.For(width);

        KernelsUnderTest.Reference.ActivationForward(activation, x.View, expected.View);
        kernels.ActivationForward(activation, x.View, actual.View);
        actual.AssertClose(expected, (i, j) => Math.Abs(x.View.Row(i)[j]) * ((FunctionError / 2) + (4 * U)));

        // In f′ the tanh error is multiplied by at most 1/2 + |x·(1 − t²)·s′|/2 < 2 with s′ the slope of the argument, whose own rounding
        // moves tanh by less than 4u·|s·(1 − t²)| < 2u; in the erf form by 1/2, and the density's 2 ulp and exponent's x²u by less than 3u.
        KernelsUnderTest.Reference.ActivationBackward(activation, x.View, dy.View, expected.View);
        kernels.ActivationBackward(activation, x.View, dy.View, actual.View);
        // Of silu, s·(1 + x·(1 − s)) moves by 1 + x·(1 − 2s), at most 1 + |x|, with s, whose error is half that of tanh, and so do
        // roundings.
        actual.AssertClose(expected, (i, j) =>
        {
            double sensitivity = activation == Activation.Silu ? 1 + Math.Abs(x.View.Row(i)[j]) : 4;
            return Math.Abs(dy.View.Row(i)[j]) * ((sensitivity * FunctionError / 2) + (2 * sensitivity * U));
        });
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluNew)]
    [InlineData(Activation.Silu)]
    public void The_reference_derivative_is_that_of_the_reference_value(Activation activation)
    {
        foreach (float x in new[] { -3f, -1f, -0.25f, 0.125f, 0.5f, 2f })
        {
            using var one = new Operand(1, 1);
            using var value = new Operand(1, 1);
            one.View.Row(0)[0] = x;
            using var upstream = new Operand(1, 1);
            upstream.View.Row(0)[0] = 1;
            KernelsUnderTest.Reference.ActivationBackward(activation, one.View, upstream.View, value.View);
            double derivative = value.View.Row(0)[0];
            double F(float step)
            {
                one.View.Row(0)[0] = x + step;
                KernelsUnderTest.Reference.ActivationForward(activation, one.View, value.View);
                return value.View.Row(0)[0];
            }

            // Central differences at h and h/2, extrapolated; the rounding of a value is at most u·|x|.
            double coarse = (F(1f / 32) - F(-1f / 32)) * 16;
            double fine = (F(1f / 64) - F(-1f / 64)) * 32;
            Assert.Equal(((4 * fine) - coarse) / 3, derivative, Math.Abs(fine - coarse) + (128 * U * 3));
        }
    }

    [Theory]
    [EveryWidth(Activation.Relu)]
    [EveryWidth(Activation.Gelu)]
    [EveryWidth(Activation.GeluNew)]
    [EveryWidth(Activation.Silu)]
    public void A_number_that_is_not_one_stays_visible_and_large_arguments_saturate(SimdWidth width, Activation activation)
    {
        using var x = new Operand(1, 3);
        using var y = new Operand(1, 3);
        new[] { float.NaN, 60f, -60f }.CopyTo(x.View.Row(0));
        KernelsUnderTest.For(width).ActivationForward(activation, x.View, y.View);
        Assert.True(float.IsNaN(y.View.Row(0)[0]));
        Assert.Equal(60f, y.View.Row(0)[1]);
        Assert.Equal(0f, y.View.Row(0)[2]);
    }

    /// <summary>
    /// With R the range of a row, the float32 difference of a number from the largest is good to R·u, so a weight of the softmax to 2R·u
    /// relative; all else is float64 and rounded once.
    /// </summary>
    [Theory]
    [EveryWidth(1, 1)]
    [EveryWidth(3, 5)]
    [EveryWidth(4, 31)]
    [EveryWidth(2, 64)]
    public void Solu_and_its_derivative_are_the_reference_within_the_rounding_of_differences(SimdWidth width, int rows, int columns)
    {
        using Operand x = Operand.Uniform(rows, columns, 3, scale: 9);
        using Operand dy = Operand.Gaussian(rows, columns, 9, gap: 0);
        using var expected = new Operand(rows, columns, 1);
        using var actual = new Operand(rows, columns, 2);
        var kernels = KernelsUnderTest.For(width);

        KernelsUnderTest.Reference.ActivationForward(Activation.Solu, x.View, expected.View);
        kernels.ActivationForward(Activation.Solu, x.View, actual.View);
        actual.AssertClose(expected, (i, j) => Math.Abs(expected.View.Row(i)[j]) * Relative(i));

        KernelsUnderTest.Reference.ActivationBackward(Activation.Solu, x.View, dy.View, expected.View);
        kernels.ActivationBackward(Activation.Solu, x.View, dy.View, actual.View);
        actual.AssertClose(expected, (i, j) => Relative(i) * BackwardMagnitude(i, j));

        double Relative(int row)
        {
            float[] values = x.View.Row(row).ToArray();
            return ((4 * (values.Max() - values.Min())) + 4) * U;
        }

        // The two terms of dx_j = s_j·(dy_j·(1 + x_j) − Σ dy·x·s), which may cancel.
        double BackwardMagnitude(int row, int column)
        {
            double[] values = Array.ConvertAll(x.View.Row(row).ToArray(), value => (double)value);
            double sum = values.Sum(value => Math.Exp(value - values.Max()));
            double[] softmax = Array.ConvertAll(values, value => Math.Exp(value - values.Max()) / sum);
            double mixed = Enumerable.Range(0, columns).Sum(k => Math.Abs(dy.View.Row(row)[k] * values[k]) * softmax[k]);
            return softmax[column] * ((Math.Abs(dy.View.Row(row)[column]) * (1 + Math.Abs(values[column]))) + mixed);
        }
    }

    [Fact]
    public void The_reference_derivative_of_solu_is_that_of_its_value()
    {
        using Operand x = Operand.Gaussian(2, 7, 3);
        using Operand origin = x.Copy();
        using Operand direction = Operand.Gaussian(2, 7, 4);
        using Operand upstream = Operand.Gaussian(2, 7, 5);
        using var y = new Operand(2, 7);
        using var dx = new Operand(2, 7);
        KernelsUnderTest.Reference.ActivationBackward(Activation.Solu, x.View, upstream.View, dx.View);

        // 14 outputs of magnitude below 4, weighed by about 1, each rounded to float32.
        FiniteDifference.AssertDerivative(
            step =>
            {
                for (int i = 0; i < 14; i++)
                {
                    x.View.Row(i / 7)[i % 7] = origin.View.Row(i / 7)[i % 7] + (step * direction.View.Row(i / 7)[i % 7]);
                }

                KernelsUnderTest.Reference.ActivationForward(Activation.Solu, x.View, y.View);
                return Product(y, upstream);
            },
            Product(dx, direction),
            14 * 4 * U
        );

        static double Product(Operand a, Operand b) => a.Values().Zip(b.Values()).Sum(pair => (double)pair.First * pair.Second);
    }

    [Theory]
    [EveryWidth(Activation.Relu)]
    [EveryWidth(Activation.Gelu)]
    [EveryWidth(Activation.GeluNew)]
    [EveryWidth(Activation.Silu)]
    [EveryWidth(Activation.Solu)]
    public void A_derivative_may_overwrite_the_gradient_that_it_is_made_from(SimdWidth width, Activation activation)
    {
        using Operand x = Operand.Gaussian(3, 21, 3);
        using Operand dy = Operand.Gaussian(3, 21, 4);
        using var dx = new Operand(3, 21);
        KernelsUnderTest.For(width).ActivationBackward(activation, x.View, dy.View, dx.View);
        KernelsUnderTest.For(width).ActivationBackward(activation, x.View, dy.View, dy.View);
        Assert.Equal(dx.Values(), dy.Values());
    }

    /// <summary>A product of two float32 numbers is rounded once: the same bits everywhere.</summary>
    [Theory]
    [EveryWidth(1, 1)]
    [EveryWidth(3, 31)]
    [EveryWidth(9, 64)]
    public void Products_of_elements_are_those_of_float32_multiplication(SimdWidth width, int rows, int columns)
    {
        using Operand a = Operand.Uniform(rows, columns, 4);
        using Operand b = Operand.Uniform(rows, columns, 5);
        using var y = new Operand(rows, columns, 1);
        using var expected = new Operand(rows, columns, 1);
        var kernels = KernelsUnderTest.For(width);
        KernelsUnderTest.Reference.MultiplyElements(a.View, b.View, expected.View);
        kernels.MultiplyElements(a.View, b.View, y.View);
        y.AssertGapsUntouched();
        Assert.Equal(expected.Values(), y.Values());
        Assert.Equal(a.Values().Zip(b.Values(), (left, right) => left * right), y.Values());
        kernels.MultiplyElements(a.View, b.View, a.View);
        Assert.Equal(expected.Values(), a.Values());
        using var narrow = new Operand(rows, columns + 1);
        Assert.Throws<ArgumentException>(() => kernels.MultiplyElements(b.View, narrow.View, y.View));
    }

    [Theory]
    [EveryWidth(1, 1)]
    [EveryWidth(3, 31)]
    [EveryWidth(9, 64)]
    public void Sums_are_those_of_float32_addition_in_row_order(SimdWidth width, int rows, int columns)
    {
        using Operand x = Operand.Gaussian(rows, columns, 4);
        using Operand rowSums = Operand.Gaussian(rows, columns, 5, gap: 1);
        using Operand before = rowSums.Copy();
        using Operand row = Operand.Gaussian(1, columns, 6);
        var kernels = KernelsUnderTest.For(width);
        kernels.AddRow(row.View.Row(0), rowSums.View);
        rowSums.AssertGapsUntouched();
        float[] columnSums = row.View.Row(0).ToArray();
        kernels.AddColumnSums(x.View, columnSums);
        for (int j = 0; j < columns; j++)
        {
            float sum = row.View.Row(0)[j];
            for (int i = 0; i < rows; i++)
            {
                Assert.Equal(before.View.Row(i)[j] + row.View.Row(0)[j], rowSums.View.Row(i)[j]);
                sum += x.View.Row(i)[j];
            }

            Assert.Equal(sum, columnSums[j]);
        }
    }

    [Theory]
    [EveryWidth]
    public void Nothing_is_allocated_and_shapes_that_do_not_fit_are_refused(SimdWidth width)
    {
        using Operand x = Operand.Gaussian(3, 20, 1);
        using Operand y = Operand.Gaussian(3, 20, 2);
        using var narrow = new Operand(3, 19);
        float[] sums = new float[20];
        var kernels = KernelsUnderTest.For(width);
        Assert.Equal(
            0,
            KernelsUnderTest.AllocatedBytes(() =>
            {
                kernels.ActivationForward(Activation.Gelu, x.View, y.View);
                kernels.ActivationBackward(Activation.GeluNew, x.View, y.View, y.View);
                kernels.ActivationForward(Activation.Solu, x.View, y.View);
                kernels.ActivationBackward(Activation.Solu, x.View, y.View, y.View);
                kernels.MultiplyElements(x.View, y.View, y.View);
                kernels.AddRow(sums, y.View);
                kernels.AddColumnSums(x.View, sums);
            })
        );
        Assert.Throws<ArgumentException>(() => kernels.ActivationForward(Activation.Relu, x.View, narrow.View));
        Assert.Throws<ArgumentException>(() => kernels.Add(x.View.Row(0), narrow.View.Row(0)));
    }

    /// <summary>−12 to 12 in steps of 1/16, with zero in it.</summary>
    private static Operand Grid()
    {
        var x = new Operand(5, 77);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 77; j++)
            {
                x.View.Row(i)[j] = ((i * 77) + j - 192) / 16f;
            }
        }

        return x;
    }
}

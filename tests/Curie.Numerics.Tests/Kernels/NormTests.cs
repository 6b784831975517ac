using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>Layer norms, and RMS norms, which are not centred: their mean is 0 without any error.</summary>
public sealed class NormTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;
    private const float Epsilon = 1e-5f;

    [Theory]
    [EveryWidth(1, 1, true)]
    [EveryWidth(3, 5, true)]
    [EveryWidth(4, 16, true)]
    [EveryWidth(5, 47, true)]
    [EveryWidth(2, 256, true)]
    [EveryWidth(3, 300, true)]
    [EveryWidth(1, 1, false)]
    [EveryWidth(3, 5, false)]
    [EveryWidth(4, 16, false)]
    [EveryWidth(5, 47, false)]
    [EveryWidth(2, 256, false)]
    [EveryWidth(3, 300, false)]
    public void Forward_is_the_reference_within_the_rounding_bound(SimdWidth width, int rows, int d, bool centred)
    {
        using var problem = new Problem(rows, d, centred);
        using Result expected = problem.Forward(KernelsUnderTest.Reference);
        using Result actual = problem.Forward(KernelsUnderTest.For(width));
        for (int i = 0; i < rows; i++)
        {
            // The mean is a sum of d terms: its error is at most (d + 1)u·mean|x|. Squares around it carry that error twice, and d + 3
            // roundings.
            double meanError = centred ? (d + 1) * U * problem.MeanMagnitude(i) : 0;
            double inverse = expected.InverseScale[i];
            double relative = ((d + 6) * U) + (meanError * meanError * inverse * inverse) + (2 * meanError * inverse);
            Assert.Equal(expected.Mean[i], actual.Mean[i], meanError);
            Assert.Equal(inverse, actual.InverseScale[i], relative * inverse);
        }

        actual.Y.AssertClose(expected.Y, (i, j) =>
        {
            double meanError = centred ? (d + 1) * U * problem.MeanMagnitude(i) : 0;
            double inverse = expected.InverseScale[i];
            double scaled = Math.Abs(problem.X.View.Row(i)[j]) + problem.MeanMagnitude(i);
            double relative = ((d + 12) * U) + (4 * meanError * inverse);
            return (relative * scaled * inverse * Math.Abs(problem.Weight[j]))
                + (meanError * inverse * Math.Abs(problem.Weight[j]))
                + (2 * U * Math.Abs(problem.Bias[j]));
        });
    }

    [Theory]
    [EveryWidth(1, 1, true)]
    [EveryWidth(3, 5, true)]
    [EveryWidth(4, 16, true)]
    [EveryWidth(5, 47, true)]
    [EveryWidth(7, 256, true)]
    [EveryWidth(1, 1, false)]
    [EveryWidth(3, 5, false)]
    [EveryWidth(4, 16, false)]
    [EveryWidth(5, 47, false)]
    [EveryWidth(7, 256, false)]
    public void Backward_is_the_reference_within_the_rounding_bound(SimdWidth width, int rows, int d, bool centred)
    {
        using var problem = new Problem(rows, d, centred);
        using Result expected = problem.Forward(KernelsUnderTest.Reference);
        using Result actual = problem.Forward(KernelsUnderTest.Reference);
        problem.Backward(KernelsUnderTest.Reference, expected);
        problem.Backward(KernelsUnderTest.For(width), actual);
        actual.InputGradient.AssertClose(expected.InputGradient, (i, j) =>
        {
            // Two means of d rounded products, each error at most (d + 5)u times the mean of magnitudes, then 6 roundings of the parts.
            double inverse = expected.InverseScale[i];
            double meanH = 0;
            double meanHx = 0;
            for (int c = 0; c < d; c++)
            {
                double h = Math.Abs(problem.Upstream.View.Row(i)[c] * problem.Weight[c]);
                meanH += h / d;
                meanHx += h * problem.Normalized(expected, i, c) / d;
            }

            double own = Math.Abs(problem.Upstream.View.Row(i)[j] * problem.Weight[j]);
            return ((d + 12) * U * inverse * (own + meanH + (problem.Normalized(expected, i, j) * meanHx))) + (2 * U * Problem.Start);
        });
        for (int j = 0; j < d; j++)
        {
            double weightMagnitude = Problem.Start;
            double biasMagnitude = Problem.Start;
            for (int i = 0; i < rows; i++)
            {
                weightMagnitude += Math.Abs(problem.Upstream.View.Row(i)[j]) * problem.Normalized(expected, i, j);
                biasMagnitude += Math.Abs(problem.Upstream.View.Row(i)[j]);
            }

            Assert.Equal(expected.WeightGradient[j], actual.WeightGradient[j], (rows + 5) * U * weightMagnitude);
            Assert.Equal(expected.BiasGradient[j], actual.BiasGradient[j], (rows + 5) * U * biasMagnitude);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_reference_gradients_are_the_derivatives_of_the_reference_forward(bool centred)
    {
        using var problem = new Problem(2, 9, centred);
        using Result result = problem.Forward(KernelsUnderTest.Reference);
        problem.Backward(KernelsUnderTest.Reference, result);
        using Operand direction = Operand.Gaussian(2, 9, 50);
        using Operand origin = problem.X.Copy();
        double inputDerivative = 0;
        double weightDerivative = 0;
        double biasDerivative = 0;
        for (int j = 0; j < 9; j++)
        {
            for (int i = 0; i < 2; i++)
            {
                inputDerivative += (result.InputGradient.View.Row(i)[j] - Problem.Start) * direction.View.Row(i)[j];
            }

            weightDerivative += (result.WeightGradient[j] - Problem.Start) * direction.View.Row(0)[j];
            biasDerivative += (result.BiasGradient[j] - Problem.Start) * direction.View.Row(0)[j];
        }

        // 18 outputs of magnitude about 2, weighed by about 1, each rounded to float32.
        const double Rounding = 36 * U;
        FiniteDifference.AssertDerivative(
            step =>
            {
                for (int i = 0; i < 2; i++)
                {
                    for (int j = 0; j < 9; j++)
                    {
                        problem.X.View.Row(i)[j] = origin.View.Row(i)[j] + (step * direction.View.Row(i)[j]);
                    }
                }

                return problem.Objective();
            },
            inputDerivative,
            Rounding
        );
        foreach ((float[] parameter, double derivative) in new[] { (problem.Weight, weightDerivative), (problem.Bias, biasDerivative) })
        {
            float[] start = [.. parameter];
            FiniteDifference.AssertDerivative(
                step =>
                {
                    for (int j = 0; j < 9; j++)
                    {
                        parameter[j] = start[j] + (step * direction.View.Row(0)[j]);
                    }

                    return problem.Objective();
                },
                derivative,
                Rounding
            );
        }
    }

    [Theory]
    [EveryWidth]
    public void A_large_mean_does_not_cost_the_variance(SimdWidth width)
    {
        // Values 4096 ± 1: their variance is exactly 1. One pass over float32 squares would lose it, two passes have nothing to round.
        using var x = new Operand(1, 64);
        using var y = new Operand(1, 64);
        float[] weight = [.. Enumerable.Repeat(1f, 64)];
        for (int j = 0; j < 64; j++)
        {
            x.View.Row(0)[j] = 4096 + (j % 2 == 0 ? 1 : -1);
        }

        var inverse = new float[1];
        KernelsUnderTest.For(width).NormForward(x.View, weight, new float[64], 0, y.View, new float[1], inverse);
        Assert.Equal(1f, inverse[0]);
        Assert.Equal(1f, y.View.Row(0)[0]);
        Assert.Equal(-1f, y.View.Row(0)[63]);
    }

    /// <summary>3 and 4 have the root mean square √12.5 and no mean is taken from them: one rounding of each number.</summary>
    [Theory]
    [EveryWidth]
    public void An_rms_norm_divides_by_the_root_mean_square(SimdWidth width)
    {
        using var x = new Operand(1, 2);
        using var y = new Operand(1, 2);
        new[] { 3f, -4f }.CopyTo(x.View.Row(0));
        float[] mean = [7];
        float[] inverse = [0];
        KernelsUnderTest.For(width).NormForward(x.View, [1, 2], new float[2], 0, y.View, mean, inverse, centred: false);
        Assert.Equal(0f, mean[0]);
        Assert.Equal(1 / Math.Sqrt(12.5), inverse[0], U);
        Assert.Equal(3 / Math.Sqrt(12.5), y.View.Row(0)[0], 4 * U);
        Assert.Equal(-8 / Math.Sqrt(12.5), y.View.Row(0)[1], 8 * U);
    }

    [Theory]
    [EveryWidth]
    public void Statistics_alone_are_those_beside_the_normalised_rows(SimdWidth width)
    {
        using var problem = new Problem(4, 21);
        using Result whole = problem.Forward(KernelsUnderTest.For(width));
        using Result alone = new(4, 21);
        KernelsUnderTest
            .For(width)
            .NormForward(problem.X.View, problem.Weight, problem.Bias, Epsilon, default, alone.Mean, alone.InverseScale);
        Assert.Equal(whole.Mean, alone.Mean);
        Assert.Equal(whole.InverseScale, alone.InverseScale);
    }

    [Theory]
    [EveryWidth]
    public void Gradients_that_are_not_asked_for_are_left_out_and_nothing_is_allocated(SimdWidth width)
    {
        using var problem = new Problem(4, 20);
        using Result result = problem.Forward(KernelsUnderTest.For(width));
        var kernels = KernelsUnderTest.For(width);
        Assert.Equal(
            0,
            KernelsUnderTest.AllocatedBytes(() =>
            {
                kernels.NormForward(problem.X.View, problem.Weight, problem.Bias, Epsilon, result.Y.View, result.Mean, result.InverseScale);
                kernels.NormBackward(
                    problem.X.View,
                    problem.Weight,
                    result.Mean,
                    result.InverseScale,
                    problem.Upstream.View,
                    result.InputGradient.View,
                    default,
                    default
                );
                kernels.NormBackward(
                    problem.X.View,
                    problem.Weight,
                    result.Mean,
                    result.InverseScale,
                    problem.Upstream.View,
                    default,
                    result.WeightGradient,
                    default
                );
            })
        );
        Assert.All(result.BiasGradient, value => Assert.Equal(0, value));
        Assert.Throws<ArgumentException>(() =>
            kernels.NormForward(problem.X.View, new float[19], problem.Bias, Epsilon, result.Y.View, result.Mean, result.InverseScale)
        );
    }

    private sealed class Problem : IDisposable
    {
        private readonly bool _centred;

        public Problem(int rows, int d, bool centred = true)
        {
            _centred = centred;
            X = Operand.Gaussian(rows, d, 1, 2, gap: 3);
            Upstream = Operand.Gaussian(rows, d, 2, gap: 1);
            using Operand parameters = Operand.Gaussian(2, d, 3);
            Weight = parameters.View.Row(0).ToArray();
            Bias = parameters.View.Row(1).ToArray();
        }

        public Operand X { get; }

        public Operand Upstream { get; }

        public float[] Weight { get; }

        public float[] Bias { get; }

        /// <summary>What gradients hold before the kernel adds to them.</summary>
        public const float Start = 0.25f;

        public Result Forward(KernelSet kernels)
        {
            var result = new Result(X.View.Rows, X.View.Columns);
            kernels.NormForward(X.View, Weight, Bias, Epsilon, result.Y.View, result.Mean, result.InverseScale, _centred);
            return result;
        }

        public void Backward(KernelSet kernels, Result result)
        {
            for (int i = 0; i < X.View.Rows; i++)
            {
                result.InputGradient.View.Row(i).Fill(Start);
            }

            Array.Fill(result.WeightGradient, Start);
            Array.Fill(result.BiasGradient, Start);
            kernels.NormBackward(
                X.View,
                Weight,
                result.Mean,
                result.InverseScale,
                Upstream.View,
                result.InputGradient.View,
                result.WeightGradient,
                result.BiasGradient,
                _centred
            );
        }

        public double Objective()
        {
            using Result result = Forward(KernelsUnderTest.Reference);
            double sum = 0;
            for (int i = 0; i < X.View.Rows; i++)
            {
                for (int j = 0; j < X.View.Columns; j++)
                {
                    sum += (double)result.Y.View.Row(i)[j] * Upstream.View.Row(i)[j];
                }
            }

            return sum;
        }

        public double MeanMagnitude(int i) => X.View.Row(i).ToArray().Average(value => Math.Abs((double)value));

        public double Normalized(Result result, int i, int j) => Math.Abs((X.View.Row(i)[j] - result.Mean[i]) * result.InverseScale[i]);

        public void Dispose()
        {
            X.Dispose();
            Upstream.Dispose();
        }
    }

    private sealed class Result(int rows, int d) : IDisposable
    {
        public Operand Y { get; } = new(rows, d, 2);

        public float[] Mean { get; } = new float[rows];

        public float[] InverseScale { get; } = new float[rows];

        public Operand InputGradient { get; } = new(rows, d, 5);

        public float[] WeightGradient { get; } = new float[d];

        public float[] BiasGradient { get; } = new float[d];

        public void Dispose()
        {
            Y.Dispose();
            InputGradient.Dispose();
        }
    }
}

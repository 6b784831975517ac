using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Tolerances as in <see cref="CrossEntropyTests"/>, e the error of a logit. A divergence averages log p − log q, of size R: 2e and the
/// rounding of the sum, R·(16 + √V)·u. Its gradient by a logit is a probability times such a difference.
/// </summary>
public sealed unsafe class DivergenceTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;
    private const float Scale = 0.25f;

    public static TheoryData<SimdWidth, int, int, int, DivergenceDirection, bool> Cases
    {
        get
        {
            TheoryData<SimdWidth, int, int, int, DivergenceDirection, bool> cases = [];
            foreach (SimdWidth width in KernelSet.SupportedWidths)
            {
                foreach (
                    (int n, int d, int v) in new[]
                    {
                        (1, 1, 1),
                        (1, 5, 2),
                        (5, 8, 63),
                        (7, 17, 64),
                        (13, 32, 65),
                        (97, 33, 130),
                        (100, 20, 5003),
                    }
                )
                {
                    foreach (bool transposed in new[] { false, true })
                    {
                        cases.Add(width, n, d, v, DivergenceDirection.Forward, transposed);
                        cases.Add(width, n, d, v, DivergenceDirection.Reverse, transposed);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_and_gradients_agree_with_the_float64_reference(
        SimdWidth width,
        int n,
        int d,
        int vocabulary,
        DivergenceDirection direction,
        bool transposed
    )
    {
        using Problem problem = new(KernelSet.For(width), n, d, vocabulary, direction, transposed);
        using Problem truth = new(KernelsUnderTest.Reference, n, d, vocabulary, direction, transposed);
        problem.Backward(0, n);
        truth.Backward(0, n);

        double range = (2 * d) + 4 + Math.Log(vocabulary);
        double logitError = (4 * Math.Sqrt(d) * d * U) + (4 * U * (d + 1));
        double error = (2 * logitError) + (range * (16 + Math.Sqrt(vocabulary)) * U);
        for (int i = 0; i < n; i++)
        {
            Assert.True(Math.Abs(problem.Losses[i] - truth.Losses[i]) <= error, $"loss {i}: {problem.Losses[i]}, not {truth.Losses[i]}");
        }

        double relative = range * (error + (16 * U));
        double residual = Scale * 2 * (relative + (4 * range * Math.Sqrt(vocabulary) * U));
        double weight = Scale * n * (relative + (4 * range * Math.Sqrt(n) * U));
        problem.ResidualGradient.AssertClose(truth.ResidualGradient, (_, _) => residual, "dx");
        problem.WeightGradient.AssertClose(
            truth.WeightGradient,
            (i, j) => weight + (4 * U * Math.Abs(truth.WeightGradient.View.Row(i)[j])),
            "dW"
        );
        problem.BiasGradient.AssertClose(
            truth.BiasGradient,
            (i, j) => weight + (4 * U * Math.Abs(truth.BiasGradient.View.Row(i)[j])),
            "db"
        );
    }

    [Theory]
    [EveryWidth]
    public void Forward_backward_and_any_choice_of_rows_give_the_same_bits(SimdWidth width)
    {
        foreach (DivergenceDirection direction in Enum.GetValues<DivergenceDirection>())
        {
            using Problem whole = new(KernelSet.For(width), 205, 30, 777, direction);
            whole.Backward(0, 205);
            double[] losses = [.. whole.Losses];
            float[] gradient = whole.ResidualGradient.Values();
            using Problem parts = new(KernelSet.For(width), 205, 30, 777, direction);
            int[] cuts = [0, 1, 8, 96, 101, 204, 205];
            for (int c = 0; c + 1 < cuts.Length; c++)
            {
                parts.Forward(cuts[c], cuts[c + 1] - cuts[c]);
            }

            Assert.Equal(losses, parts.Losses);
            for (int c = 0; c + 1 < cuts.Length; c++)
            {
                parts.Backward(cuts[c], cuts[c + 1] - cuts[c]);
            }

            Assert.Equal(losses, parts.Losses);
            Assert.Equal(gradient, parts.ResidualGradient.Values());
        }
    }

    /// <summary>
    /// A model's divergence from itself is zero, and so is its slope; what is left is the rounding of log-probabilities of size R.
    /// </summary>
    [Theory]
    [EveryWidth]
    public void A_distribution_has_no_divergence_from_itself(SimdWidth width)
    {
        foreach (DivergenceDirection direction in Enum.GetValues<DivergenceDirection>())
        {
            using Problem problem = new(KernelSet.For(width), 20, 16, 301, direction);
            problem.TakeOwnDistribution();
            problem.Backward(0, 20);
            Assert.All(problem.Losses, loss => Assert.Equal(0, loss, 64 * 20 * U));
            Assert.All(problem.ResidualGradient.Values(), value => Assert.Equal(0, value, 64 * 20 * U));
        }
    }

    /// <summary>
    /// A target with all of its mass on one token has no entropy: the forward divergence is that token's loss, to the rounding of logits.
    /// </summary>
    [Theory]
    [EveryWidth]
    public void A_certain_target_gives_the_loss_of_its_token(SimdWidth width)
    {
        using Problem problem = new(KernelSet.For(width), 20, 16, 130, DivergenceDirection.Forward);
        int[] targets = [.. Enumerable.Range(0, 20).Select(i => i * 37 % 130)];
        problem.TakeCertain(targets);
        problem.Forward(0, 20);
        double[] losses = problem.TokenLosses(targets);
        Assert.All(losses.Zip(problem.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [EveryWidth]
    public void Divergences_allocate_nothing_once_warm(SimdWidth width)
    {
        using Problem problem = new(KernelSet.For(width), 30, 20, 100, DivergenceDirection.Reverse);
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Forward(0, 30)));
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Backward(0, 30)));
    }

    /// <summary>Operands in −1 … 1, the same for every width, and the distributions of other logits as the target.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly KernelSet _kernels;
        private readonly DivergenceDirection _direction;
        private readonly bool _transposed;
        private readonly Operand _x;
        private readonly Operand _unembed;
        private readonly Operand _bias;
        private readonly Operand _logTarget;
        private readonly PackedMatrix _packed;
        private readonly PackedMatrix _packedTransposed;
        private readonly Scratch _scratch = new();

        public Problem(KernelSet kernels, int n, int d, int vocabulary, DivergenceDirection direction, bool transposed = false)
        {
            (_kernels, _direction, _transposed) = (kernels, direction, transposed);
            _x = Operand.Uniform(n, d, 1);
            _unembed = Operand.Uniform(d, vocabulary, 2);
            _bias = Operand.Uniform(1, vocabulary, 3);
            _logTarget = Operand.Uniform(n, vocabulary, 7);
            ResidualGradient = Operand.Uniform(n, d, 4);
            WeightGradient = transposed ? Operand.Uniform(vocabulary, d, 5) : Operand.Uniform(d, vocabulary, 5);
            BiasGradient = Operand.Uniform(1, vocabulary, 6);
            Losses = new double[n];
            _packed = kernels.CreatePacked(d, vocabulary);
            _packedTransposed = kernels.CreatePacked(vocabulary, d);
            kernels.Pack(_unembed.View, _packed);
            kernels.PackTransposed(_unembed.View, _packedTransposed);
            for (int i = 0; i < n; i++)
            {
                Span<float> row = _logTarget.View.Row(i);
                double normalizer = 0;
                foreach (float value in row)
                {
                    normalizer += Math.Exp(3.0 * value);
                }

                foreach (ref float value in row)
                {
                    value = (float)((3.0 * value) - Math.Log(normalizer));
                }
            }
        }

        public Operand ResidualGradient { get; }

        public Operand WeightGradient { get; }

        public Operand BiasGradient { get; }

        public double[] Losses { get; }

        public void TakeOwnDistribution() => _kernels.LogProbabilities(_x.View, _packed, _bias.View.Row(0), _logTarget.View, _scratch);

        public void TakeCertain(int[] targets)
        {
            for (int i = 0; i < targets.Length; i++)
            {
                _logTarget.View.Row(i).Fill(-200);
                _logTarget.View.Row(i)[targets[i]] = 0;
            }
        }

        public double[] TokenLosses(int[] targets)
        {
            double[] losses = new double[targets.Length];
            _kernels.CrossEntropyForward(_x.View, _packed, _bias.View.Row(0), targets, losses, _scratch);
            return losses;
        }

        public void Forward(int start, int count) =>
            _kernels.DivergenceForward(
                _x.View.RowRange(start, count),
                _packed,
                _bias.View.Row(0),
                _logTarget.View.RowRange(start, count),
                _direction,
                Losses.AsSpan(start, count),
                _scratch
            );

        public void Backward(int start, int count) =>
            _kernels.DivergenceBackward(
                _x.View.RowRange(start, count),
                _packed,
                _packedTransposed,
                _bias.View.Row(0),
                _logTarget.View.RowRange(start, count),
                _direction,
                Scale,
                Losses.AsSpan(start, count),
                ResidualGradient.View.RowRange(start, count),
                WeightGradient.View,
                BiasGradient.View.Row(0),
                _scratch,
                _transposed
            );

        public void Dispose()
        {
            Array.ForEach([_x, _unembed, _bias, _logTarget, ResidualGradient, WeightGradient, BiasGradient], operand => operand.Dispose());
            _packed.Dispose();
            _packedTransposed.Dispose();
            _scratch.Dispose();
        }
    }
}

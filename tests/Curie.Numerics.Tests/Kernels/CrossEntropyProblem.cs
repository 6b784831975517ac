using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Operands of a cross-entropy in −1 … 1, the same for every width; the gradients start with numbers that must be added to.
/// </summary>
internal sealed unsafe class CrossEntropyProblem : IDisposable
{
    public const float Scale = 0.25f;

    private readonly KernelSet _kernels;
    private readonly Operand _unembed;
    private readonly PackedMatrix _packed;
    private readonly PackedMatrix _packedTransposed;
    private readonly int[] _targets;
    private readonly Scratch _scratch = new();
    private readonly bool _transposed;

    /// <param name="kernels">The arithmetic.</param>
    /// <param name="n">The rows.</param>
    /// <param name="d">The width.</param>
    /// <param name="vocabulary">The logits.</param>
    /// <param name="transposed">Whether the gradient of the weights is that of Wᵀ.</param>
    public CrossEntropyProblem(KernelSet kernels, int n, int d, int vocabulary, bool transposed = false)
    {
        _transposed = transposed;
        _kernels = kernels;
        X = Operand.Uniform(n, d, 1);
        _unembed = Operand.Uniform(d, vocabulary, 2);
        Bias = Operand.Uniform(1, vocabulary, 3);
        ResidualGradient = Operand.Uniform(n, d, 4);
        WeightGradient = transposed ? Operand.Uniform(vocabulary, d, 5) : Operand.Uniform(d, vocabulary, 5);
        BiasGradient = Operand.Uniform(1, vocabulary, 6);
        Losses = new double[n];
        _targets = [.. Enumerable.Range(0, n).Select(i => ((i * 7919) + vocabulary - 1) % vocabulary)];
        _packed = kernels.CreatePacked(d, vocabulary);
        _packedTransposed = kernels.CreatePacked(vocabulary, d);
        Pack();
    }

    public Operand X { get; }

    public Operand Bias { get; }

    public Operand ResidualGradient { get; }

    public Operand WeightGradient { get; }

    public Operand BiasGradient { get; }

    public double[] Losses { get; }

    public float Unembed(int k, int v) => _unembed.View.Row(k)[v];

    public float WeightGradientAt(int k, int v) => _transposed ? WeightGradient.View.Row(v)[k] : WeightGradient.View.Row(k)[v];

    public void SetTarget(int row, int target) => _targets[row] = target;

    public void SetUnembed(Func<int, int, float> value)
    {
        for (int k = 0; k < _unembed.View.Rows; k++)
        {
            for (int v = 0; v < _unembed.View.Columns; v++)
            {
                _unembed.View.Row(k)[v] = value(k, v);
            }
        }

        Pack();
    }

    public void Forward(int start, int count) =>
        _kernels.CrossEntropyForward(
            X.View.RowRange(start, count),
            _packed,
            Bias.View.Row(0),
            _targets.AsSpan(start, count),
            Losses.AsSpan(start, count),
            _scratch
        );

    public void Backward() => Backward(0, X.View.Rows);

    public void Backward(int start, int count, bool wantResidual = true, bool wantWeights = true) =>
        _kernels.CrossEntropyBackward(
            X.View.RowRange(start, count),
            _packed,
            _packedTransposed,
            Bias.View.Row(0),
            _targets.AsSpan(start, count),
            Scale,
            Losses.AsSpan(start, count),
            wantResidual ? ResidualGradient.View.RowRange(start, count) : default,
            wantWeights ? WeightGradient.View : default,
            wantWeights ? BiasGradient.View.Row(0) : default,
            _scratch,
            _transposed
        );

    public void Dispose()
    {
        X.Dispose();
        Bias.Dispose();
        ResidualGradient.Dispose();
        WeightGradient.Dispose();
        BiasGradient.Dispose();
        _unembed.Dispose();
        _packed.Dispose();
        _packedTransposed.Dispose();
        _scratch.Dispose();
    }

    private void Pack()
    {
        _kernels.Pack(_unembed.View, _packed);
        _kernels.PackTransposed(_unembed.View, _packedTransposed);
    }
}

using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Operands of a low-rank cross-entropy, the same for every width: frozen logits in −4 … 4, the rest in −1 … 1, 1/σ in 0.5 … 1.36. The
/// gradients start with numbers that must be overwritten or added to.
/// </summary>
internal sealed unsafe class LowRankCrossEntropyProblem : IDisposable
{
    public const float Scale = 0.25f;

    private readonly KernelSet _kernels;
    private readonly PackedMatrix _packed;
    private readonly PackedMatrix _packedTransposed;
    private readonly Scratch _scratch = new();

    public LowRankCrossEntropyProblem(KernelSet kernels, int n, int e, int vocabulary)
    {
        _kernels = kernels;
        Frozen = Operand.Uniform(n, vocabulary, 1, 4);
        Z = Operand.Uniform(n, e, 2);
        Bias = Operand.Uniform(1, vocabulary, 3);
        Mixing = Operand.Uniform(e, vocabulary, 4);
        Mixed = Operand.Uniform(n, e, 5);
        Product = Operand.Uniform(1, n, 6);
        MixingGradient = Operand.Uniform(e, vocabulary, 7);
        InverseScale = [.. Enumerable.Range(0, n).Select(i => 0.5f + (i % 7 / 7f))];
        Targets = [.. Enumerable.Range(0, n).Select(i => ((i * 7919) + vocabulary - 1) % vocabulary)];
        Losses = new double[n];
        _packed = kernels.CreatePacked(e, vocabulary);
        _packedTransposed = kernels.CreatePacked(vocabulary, e);
        Pack();
    }

    public Operand Frozen { get; }

    public Operand Z { get; }

    public Operand Bias { get; }

    public Operand Mixing { get; }

    public Operand Mixed { get; }

    public Operand Product { get; }

    public Operand MixingGradient { get; }

    public float[] InverseScale { get; }

    public int[] Targets { get; }

    public double[] Losses { get; }

    public void MoveMixing(int row, int column, float by)
    {
        Mixing.View.Row(row)[column] += by;
        Pack();
    }

    public void Run(int start, int count) => Run(start, count, Frozen.View.RowRange(start, count));

    public void Run(int start, int count, MatrixView frozen) =>
        _kernels.LowRankCrossEntropyForward(
            frozen,
            Z.View.RowRange(start, count),
            _packed,
            InverseScale.AsSpan(start, count),
            Bias.View.Row(0),
            Targets.AsSpan(start, count),
            Losses.AsSpan(start, count),
            _scratch
        );

    public void Backward() => Backward(0, Z.View.Rows);

    public void Backward(int start, int count, bool wantMixing = true) =>
        Backward(start, count, Mixed.View.RowRange(start, count), wantMixing);

    public void Backward(int start, int count, MatrixView mixed, bool wantMixing = true) =>
        _kernels.LowRankCrossEntropyBackward(
            Frozen.View.RowRange(start, count),
            Z.View.RowRange(start, count),
            _packed,
            _packedTransposed,
            InverseScale.AsSpan(start, count),
            Bias.View.Row(0),
            Targets.AsSpan(start, count),
            Scale,
            Losses.AsSpan(start, count),
            mixed,
            Product.View.Row(0).Slice(start, count),
            wantMixing ? MixingGradient.View : default,
            _scratch
        );

    public void Dispose()
    {
        Frozen.Dispose();
        Z.Dispose();
        Bias.Dispose();
        Mixing.Dispose();
        Mixed.Dispose();
        Product.Dispose();
        MixingGradient.Dispose();
        _packed.Dispose();
        _packedTransposed.Dispose();
        _scratch.Dispose();
    }

    private void Pack()
    {
        _kernels.Pack(Mixing.View, _packed);
        _kernels.PackTransposed(Mixing.View, _packedTransposed);
    }
}

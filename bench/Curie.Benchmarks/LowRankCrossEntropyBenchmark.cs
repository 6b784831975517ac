using BenchmarkDotNet.Attributes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Benchmarks;

/// <summary>The losses of one row of text at a draw of a last-layer head: 1023 positions, head width 32, 5000 tokens.</summary>
public class LowRankCrossEntropyBenchmark : KernelBenchmark
{
    private const int Positions = 1023;
    private const int HeadWidth = 32;
    private const int Vocabulary = 5000;
    private readonly int[] _targets = [.. Enumerable.Range(0, Positions).Select(i => i * 7919 % Vocabulary)];
    private readonly float[] _inverseScale = [.. Enumerable.Range(0, Positions).Select(i => 0.5f + (i % 7 / 7f))];
    private readonly double[] _losses = new double[Positions];
    private readonly float[] _product = new float[Positions];
    private MatrixView _frozen;
    private MatrixView _z;
    private MatrixView _bias;
    private PackedMatrix _mixing = null!;
    private PackedMatrix _mixingTransposed = null!;
    private MatrixView _mixed;
    private MatrixView _mixingGradient;

    /// <summary>Losses alone.</summary>
    [Benchmark]
    public void Forward() =>
        Kernel.LowRankCrossEntropyForward(_frozen, _z, _mixing, _inverseScale, _bias.Row(0), _targets, _losses, Scratch);

    /// <summary>Losses and all gradients.</summary>
    [Benchmark]
    public void Backward() =>
        Kernel.LowRankCrossEntropyBackward(
            _frozen,
            _z,
            _mixing,
            _mixingTransposed,
            _inverseScale,
            _bias.Row(0),
            _targets,
            1f / Positions,
            _losses,
            _mixed,
            _product,
            _mixingGradient,
            Scratch
        );

    /// <inheritdoc/>
    protected override void Allocate()
    {
        MatrixView mixing = Matrix(HeadWidth, Vocabulary);
        _frozen = Matrix(Positions, Vocabulary);
        _z = Matrix(Positions, HeadWidth);
        _bias = Matrix(1, Vocabulary);
        _mixing = Packed(mixing);
        _mixingTransposed = PackedTransposed(mixing);
        _mixed = Matrix(Positions, HeadWidth);
        _mixingGradient = Matrix(HeadWidth, Vocabulary);
    }
}

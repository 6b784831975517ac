using BenchmarkDotNet.Attributes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Benchmarks;

/// <summary>The unembedding and cross-entropy of one row of text: 1024 positions, width 256, 5000 tokens.</summary>
public class CrossEntropyBenchmark : KernelBenchmark
{
    private const int Positions = 1024;
    private const int ModelWidth = 256;
    private const int Vocabulary = 5000;
    private readonly int[] _targets = [.. Enumerable.Range(0, Positions).Select(i => i * 7919 % Vocabulary)];
    private readonly double[] _losses = new double[Positions];
    private MatrixView _x;
    private MatrixView _bias;
    private PackedMatrix _unembed = null!;
    private PackedMatrix _unembedTransposed = null!;
    private MatrixView _residualGradient;
    private MatrixView _weightGradient;
    private MatrixView _biasGradient;

    /// <summary>Losses alone.</summary>
    [Benchmark]
    public void Forward() => Kernel.CrossEntropyForward(_x, _unembed, _bias.Row(0), _targets, _losses, Scratch);

    /// <summary>Losses and all gradients.</summary>
    [Benchmark]
    public void Backward() =>
        Kernel.CrossEntropyBackward(
            _x,
            _unembed,
            _unembedTransposed,
            _bias.Row(0),
            _targets,
            1f / Positions,
            _losses,
            _residualGradient,
            _weightGradient,
            _biasGradient.Row(0),
            Scratch
        );

    /// <inheritdoc/>
    protected override void Allocate()
    {
        MatrixView unembed = Matrix(ModelWidth, Vocabulary);
        _x = Matrix(Positions, ModelWidth);
        _bias = Matrix(1, Vocabulary);
        _unembed = Packed(unembed);
        _unembedTransposed = PackedTransposed(unembed);
        _residualGradient = Matrix(Positions, ModelWidth);
        _weightGradient = Matrix(ModelWidth, Vocabulary);
        _biasGradient = Matrix(1, Vocabulary);
    }
}

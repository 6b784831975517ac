using BenchmarkDotNet.Attributes;
using Curie.Numerics.Memory;

namespace Curie.Benchmarks;

/// <summary>One head of causal attention: 1024 positions, head width 32.</summary>
public class AttentionBenchmark : KernelBenchmark
{
    private const int Positions = 1024;
    private const int HeadWidth = 32;
    private static readonly float Scale = 1 / MathF.Sqrt(HeadWidth);
    private readonly float[] _logSumExp = new float[Positions];
    private MatrixView _q;
    private MatrixView _k;
    private MatrixView _v;
    private MatrixView _z;
    private MatrixView _outputGradient;
    private MatrixView _qGradient;
    private MatrixView _kGradient;
    private MatrixView _vGradient;

    /// <summary>The mixed values.</summary>
    [Benchmark]
    public void Forward() => Kernel.AttentionForward(_q, _k, _v, Scale, _z, _logSumExp, Scratch);

    /// <summary>The gradients of queries, keys and values, with the probabilities computed again.</summary>
    [Benchmark]
    public void Backward() =>
        Kernel.AttentionBackward(_q, _k, _v, _z, _logSumExp, Scale, _outputGradient, _qGradient, _kGradient, _vGradient, Scratch);

    /// <inheritdoc/>
    protected override void Allocate()
    {
        _q = Matrix(Positions, HeadWidth);
        _k = Matrix(Positions, HeadWidth);
        _v = Matrix(Positions, HeadWidth);
        _z = Matrix(Positions, HeadWidth);
        _outputGradient = Matrix(Positions, HeadWidth);
        _qGradient = Matrix(Positions, HeadWidth);
        _kGradient = Matrix(Positions, HeadWidth);
        _vGradient = Matrix(Positions, HeadWidth);
        Forward();
    }
}

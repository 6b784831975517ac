using BenchmarkDotNet.Attributes;
using Curie.Numerics.Memory;

namespace Curie.Benchmarks;

/// <summary>Layer norm of one row of text: 1024 positions, width 256.</summary>
public class LayerNormBenchmark : KernelBenchmark
{
    private const int Positions = 1024;
    private const int ModelWidth = 256;
    private const float Epsilon = 1e-5f;
    private readonly float[] _mean = new float[Positions];
    private readonly float[] _inverseScale = new float[Positions];
    private MatrixView _x;
    private MatrixView _y;
    private MatrixView _weight;
    private MatrixView _bias;
    private MatrixView _outputGradient;
    private MatrixView _inputGradient;
    private MatrixView _weightGradient;
    private MatrixView _biasGradient;

    /// <summary>The normalised rows.</summary>
    [Benchmark]
    public void Forward() => Kernel.NormForward(_x, _weight.Row(0), _bias.Row(0), Epsilon, _y, _mean, _inverseScale);

    /// <summary>All gradients.</summary>
    [Benchmark]
    public void Backward() =>
        Kernel.NormBackward(
            _x,
            _weight.Row(0),
            _mean,
            _inverseScale,
            _outputGradient,
            _inputGradient,
            _weightGradient.Row(0),
            _biasGradient.Row(0)
        );

    /// <inheritdoc/>
    protected override void Allocate()
    {
        _x = Matrix(Positions, ModelWidth);
        _y = Matrix(Positions, ModelWidth);
        _weight = Matrix(1, ModelWidth);
        _bias = Matrix(1, ModelWidth);
        _outputGradient = Matrix(Positions, ModelWidth);
        _inputGradient = Matrix(Positions, ModelWidth);
        _weightGradient = Matrix(1, ModelWidth);
        _biasGradient = Matrix(1, ModelWidth);
        Forward();
    }
}

using BenchmarkDotNet.Attributes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Benchmarks;

/// <summary>One update of a head's weights and of a whole model's.</summary>
public class UpdateBenchmark : KernelBenchmark
{
    private static readonly AdamWOptions Adam = new(1e-3, 0.9, 0.999, 1e-8, 0.05);
    private static readonly SgldOptions Sgld = new(1e-3, 30, 300, 1);
    private static readonly PhiloxKey Noise = PhiloxKey.Derive(1, RandomPurpose.LangevinNoise);
    private AlignedBuffer<float> _w = null!;
    private AlignedBuffer<float> _gradient = null!;
    private AlignedBuffer<float> _origin = null!;
    private AlignedBuffer<float> _firstMoment = null!;
    private AlignedBuffer<float> _secondMoment = null!;

    /// <summary>The number of weights.</summary>
    [Params(32_864, 3_355_016)]
    public int Weights { get; set; }

    /// <summary>Seven floats of memory traffic a weight.</summary>
    [Benchmark]
    public void AdamW() => Kernel.AdamWUpdate(_w.Span, _gradient.Span, _firstMoment.Span, _secondMoment.Span, Adam, step: 1);

    /// <summary>Four floats of memory traffic and one normal number a weight.</summary>
    [Benchmark]
    public void SgldUpdate() => Kernel.SgldUpdate(_w.Span, _gradient.Span, _origin.Span, Sgld, Noise, step: 1, firstIndex: 0);

    /// <summary>One normal number a weight.</summary>
    [Benchmark]
    public void FillGaussian() => Kernel.FillGaussian(Noise, step: 1, firstIndex: 0, _gradient.Span);

    /// <inheritdoc/>
    protected override void Allocate()
    {
        _w = Vector(Weights);
        _gradient = Vector(Weights);
        _origin = Vector(Weights);
        _firstMoment = Vector(Weights);
        _secondMoment = Own(new AlignedBuffer<float>(Weights));
    }
}

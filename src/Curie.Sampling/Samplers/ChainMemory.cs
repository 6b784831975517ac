using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Sampling.Samplers;

/// <summary>What an update rule works on: one chain's vectors, its settings and its random numbers.</summary>
public sealed class ChainMemory
{
    /// <summary>w, the chain's own.</summary>
    public required AlignedBuffer<float> Weights { get; init; }

    /// <summary>w*, shared by all chains and not written to.</summary>
    public required AlignedBuffer<float> Origin { get; init; }

    /// <summary>∇L_m at the place that the rule asked for; shared by chains that take turns.</summary>
    public required AlignedBuffer<float> Gradient { get; init; }

    /// <summary>Whether that gradient is a minibatch's.</summary>
    public required bool UsesMinibatches { get; init; }

    /// <summary>The sampler's settings.</summary>
    public required SamplingOptions Options { get; init; }

    /// <summary>The component's name, part of every key.</summary>
    public required string Component { get; init; }

    /// <summary>The chain, from 0, part of every key.</summary>
    public required int Chain { get; init; }

    /// <summary>What computes.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The constants of an update; the second chain of an antithetic pair has the first one's noise with the other sign.</summary>
    public SgldOptions KernelOptions =>
        IsMirrored ? Options.ToKernelOptions() with { NoiseLevel = -Options.NoiseLevel } : Options.ToKernelOptions();

    private bool IsMirrored => Options.Antithetic && Chain % 2 == 1;

    /// <summary>The key of the chain's random numbers for one purpose: that of the first chain of its pair.</summary>
    public PhiloxKey Key(RandomPurpose purpose) => PhiloxKey.Derive(Options.ChainSeed, purpose, Component, IsMirrored ? Chain - 1 : Chain);
}

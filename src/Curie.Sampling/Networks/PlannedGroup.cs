using Curie.Networks.Components;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>Components that are sampled in lockstep, and what that takes.</summary>
/// <param name="Components">The components.</param>
/// <param name="Chains">The chains of each that are sampled.</param>
/// <param name="FrozenMemory">The bytes that frozen activations may take.</param>
/// <param name="UpdateOperations">Floating-point operations of all its updates.</param>
/// <param name="DrawOperations">Floating-point operations of all its draws, where nothing is kept from one to the next.</param>
/// <param name="Bytes">The bytes it needs beside frozen activations and what the run holds throughout.</param>
public sealed record PlannedGroup(
    IReadOnlyList<Component> Components,
    ChainRange Chains,
    long FrozenMemory,
    double UpdateOperations,
    double DrawOperations,
    long Bytes
)
{
    /// <summary>The weights that all its updates move, those of companions among them.</summary>
    public required double WeightUpdates { get; init; }

    /// <summary>How threads share its work.</summary>
    public required GroupParallelism Parallelism { get; init; }

    /// <summary>How many weight vectors of each component are evaluated together.</summary>
    public required int Slots { get; init; }

    /// <summary>How many of them are asked for gradients together.</summary>
    public required int GradientSlots { get; init; }

    /// <summary>The share of what could be kept from draw to draw that there is memory for, from 0 to 1.</summary>
    public required double FrozenShare { get; init; }

    /// <summary>How many times faster the group is sampled with so many threads, if nothing but its items limits them.</summary>
    public double Speedup(int threads) =>
        Operations / ((UpdateOperations / Parallelism.UpdateSpeedup(threads)) + (DrawOperations / Parallelism.DrawSpeedup(threads)));

    /// <summary>Floating-point operations of all its updates and draws.</summary>
    public double Operations => UpdateOperations + DrawOperations;
}

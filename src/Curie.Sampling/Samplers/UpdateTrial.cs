using Curie.Numerics.Benchmarking;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Sampling.Samplers;

/// <summary>How long updates take apart from their gradients: noise and arithmetic for every weight.</summary>
internal static class UpdateTrial
{
    private const int MostWeights = 1 << 20;

    /// <summary>The seconds that a Langevin update of so many weights takes for each, on the machine's threads.</summary>
    public static double SecondsPerWeight(Machine machine, long weights)
    {
        int length = (int)Math.Min(MostWeights, weights);
        using AlignedBuffer<float> moved = new(length);
        using AlignedBuffer<float> gradient = new(length);
        using AlignedBuffer<float> origin = new(length);
        BlockRunner blocks = new(machine.Pool, length);
        return ShortTrial.Of(machine.Pool.Workers, () => blocks.Run(new Step(machine.Kernels, moved, gradient, origin))) / length;
    }

    private readonly struct Step(Kernels kernels, AlignedBuffer<float> weights, AlignedBuffer<float> gradient, AlignedBuffer<float> origin)
        : IBlockUpdate
    {
        public UpdateSums Run(long first, int length) =>
            kernels.SgldUpdate(
                weights.Slice(first, length),
                gradient.Slice(first, length),
                origin.Slice(first, length),
                new SgldOptions(StepSize: 1e-6, NBeta: 1, Localization: 1, NoiseLevel: 1),
                PhiloxKey.Derive(0, RandomPurpose.LangevinNoise, "trial"),
                step: 1,
                first
            );
    }
}

using Curie.Numerics.Kernels;

namespace Curie.Sampling.Samplers;

/// <summary>One block of an update; a struct, so that running it allocates nothing.</summary>
public interface IBlockUpdate
{
    /// <summary>Updates weights first … first + length − 1 and returns their sums.</summary>
    UpdateSums Run(long first, int length);
}

using Curie.Networks.Benchmarking;
using Curie.Numerics.Benchmarking;

namespace Curie.Cli.Reports;

/// <summary>Everything measured with one number of threads.</summary>
/// <param name="Threads">The threads.</param>
/// <param name="Kernels">Kernels that arithmetic bounds.</param>
/// <param name="Memory">Kernels that memory bounds.</param>
/// <param name="Model">Passes over a model.</param>
internal sealed record BenchResults(
    int Threads,
    IReadOnlyList<KernelRate> Kernels,
    IReadOnlyList<MemoryRate> Memory,
    IReadOnlyList<ModelRate> Model
)
{
    /// <summary>The median over kernels of the peak measured beside each, GFLOP/s.</summary>
    public double Peak => Kernels.Select(rate => rate.Peak).Order().ElementAt(Kernels.Count / 2);
}

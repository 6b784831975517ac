using Curie.Networks.Benchmarking;
using Curie.Numerics.Benchmarking;

namespace Curie.Cli.Reports;

/// <summary>Everything measured with one number of threads.</summary>
internal sealed record BenchResults
{
    /// <summary>The threads.</summary>
    public required int Threads { get; init; }

    /// <summary>What the model is called.</summary>
    public required string ModelName { get; init; }

    /// <summary>The tokens of each of its two rows.</summary>
    public required int RowLength { get; init; }

    /// <summary>Passes over the model.</summary>
    public required IReadOnlyList<ModelRate> Model { get; init; }

    /// <summary>Kernels that arithmetic bounds.</summary>
    public IReadOnlyList<KernelRate> Kernels { get; init; } = [];

    /// <summary>Kernels that memory bounds.</summary>
    public IReadOnlyList<MemoryRate> Memory { get; init; } = [];

    /// <summary>The median of the peaks measured beside each, GFLOP/s.</summary>
    public double Peak
    {
        get
        {
            double[] peaks = [.. Kernels.Select(rate => rate.Peak).Concat(Model.Select(rate => rate.Peak)).Order()];
            return peaks[peaks.Length / 2];
        }
    }
}

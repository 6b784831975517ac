using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Studies;

/// <summary>
/// How a study is run, beside what its configuration says. Nothing here changes a result, but for the last bits that the vector width
/// decides.
/// </summary>
public sealed record StudyOptions
{
    /// <summary>Half of the memory that the machine, or the container, has.</summary>
    public static long DefaultMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Threads, 0 for all cores. Default null: as many as the configuration says.</summary>
    public int? Threads { get; init; }

    /// <summary>The arithmetic. Default null: what <c>CURIE_ISA</c> names, or the widest that the processor has.</summary>
    public Kernels? Kernels { get; init; }

    /// <summary>The memory to plan for, in bytes. Default half of the machine's.</summary>
    public long Memory { get; init; } = DefaultMemory;

    /// <summary>How often a component in progress is saved. Default 20 s.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Starts the threads of a study.</summary>
    /// <param name="configured">The threads that its configuration says.</param>
    /// <exception cref="Numerics.InputException"><c>CURIE_ISA</c> is not a width that the processor has.</exception>
    internal Machine CreateMachine(int configured) => Machine.Create(Kernels ?? KernelSet.FromEnvironment(), Threads ?? configured);
}

using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Parallelism;

/// <summary>
/// What computes: the arithmetic, and the threads that share the work. Whoever makes a machine disposes of it, and lends it to everything
/// else; what is lent a machine neither disposes of it nor may use it afterwards. Code that runs on the calling thread alone takes the
/// kernels alone.
/// </summary>
/// <remarks>One loop at a time, as <see cref="WorkerPool"/> says, so two threads that compute have a machine each.</remarks>
public sealed class Machine : IDisposable
{
    /// <summary>Starts the threads.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">How many, the calling thread included; 0 for all cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Machine(KernelSet kernels, int threads)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        Kernels = kernels;
        Pool = new WorkerPool(threads);
    }

    /// <summary>The arithmetic.</summary>
    public KernelSet Kernels { get; }

    /// <summary>The threads, which this owns.</summary>
    public WorkerPool Pool { get; }

    /// <summary>The cores of this computer that the process may use: more threads than these only wait for each other.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>
    /// Starts the threads, no more than <see cref="Cores"/>, with the kernels that <see cref="KernelSet.WidthVariable"/> names; the widest
    /// if it is empty or not set.
    /// </summary>
    /// <param name="threads">How many, the calling thread included; 0, or more than there are, for all cores.</param>
    /// <exception cref="InputException">The variable is not a width, or the processor does not have that width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Machine Create(int threads = 0) => Create(KernelSet.FromEnvironment(), threads);

    /// <summary>Starts the threads, no more than <see cref="Cores"/>.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">How many, the calling thread included; 0, or more than there are, for all cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Machine Create(KernelSet kernels, int threads) => new(kernels, Math.Min(threads, Cores));

    /// <summary>Ends the threads. No loop may be running.</summary>
    public void Dispose() => Pool.Dispose();
}

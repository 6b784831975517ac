namespace Curie.Numerics.Benchmarking;

/// <summary>The speed of a kernel that memory bounds.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Shape">The shapes of its operands.</param>
/// <param name="Threads">The threads it ran on.</param>
/// <param name="ElementsPerSecond">Elements (parameters, or entries of the matrix) per second, in 10⁹.</param>
/// <param name="GigabytesPerSecond">What must be read and written at least, in 10⁹ bytes per second.</param>
public sealed record MemoryRate(string Kernel, string Shape, int Threads, double ElementsPerSecond, double GigabytesPerSecond);

namespace Curie.Numerics.Benchmarking;

/// <summary>The speed of one kernel at one shape.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Shape">The shapes of its operands.</param>
/// <param name="Threads">The threads it ran on.</param>
/// <param name="GigaflopsPerSecond">Operations (a multiply-add counts as two; the exponentials of a softmax are not counted) per
/// nanosecond.</param>
/// <param name="Peak">The peak measured between the kernel's own runs, in the same unit.</param>
/// <param name="FractionOfPeak">The median over rounds of rate / peak.</param>
public sealed record KernelRate(string Kernel, string Shape, int Threads, double GigaflopsPerSecond, double Peak, double FractionOfPeak);

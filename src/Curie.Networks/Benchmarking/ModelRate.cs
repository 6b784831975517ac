namespace Curie.Networks.Benchmarking;

/// <summary>The speed of a whole pass over a model.</summary>
/// <param name="Work">What was run.</param>
/// <param name="Threads">The threads it ran on.</param>
/// <param name="TokensPerSecond">Predicted tokens per second.</param>
/// <param name="OperationsPerToken">The necessary operations per token; a multiply-add counts as two.</param>
/// <param name="Peak">The processor's peak in GFLOP/s, measured between the runs.</param>
/// <param name="FractionOfPeak">Necessary operations per second / peak, the median over rounds.</param>
public sealed record ModelRate(
    string Work,
    int Threads,
    double TokensPerSecond,
    double OperationsPerToken,
    double Peak,
    double FractionOfPeak
);

using Curie.Sampling.Networks;

namespace Curie.Response.Runs;

/// <summary>What a run knows of the first rows of its file, which give P and L0: whether they are a fair sample of it.</summary>
/// <param name="Rows">How many rows there are of each kind.</param>
/// <param name="First">L0 of the first rows, nats per token.</param>
/// <param name="FirstError">Its standard error over rows; null of a single row.</param>
/// <param name="Random">L0 of as many random rows of the whole file.</param>
/// <param name="RandomError">Its standard error.</param>
/// <param name="Differs">Whether the two are more than three standard errors of their difference apart: the first rows are no fair
/// sample.</param>
public sealed record LossRowsRecord(int Rows, double First, double? FirstError, double Random, double? RandomError, bool Differs)
{
    /// <summary>What was measured; null where nothing was to be.</summary>
    public static LossRowsRecord? Of(LossRowsCheck? check) =>
        check is null
            ? null
            : new(
                check.Rows,
                check.First.Mean,
                Known(check.First.StandardError),
                check.Random.Mean,
                Known(check.Random.StandardError),
                check.Differs
            );

    private static double? Known(double error) => double.IsFinite(error) ? error : null;
}

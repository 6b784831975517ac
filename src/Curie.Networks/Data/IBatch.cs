namespace Curie.Networks.Data;

/// <summary>
/// What a network is evaluated on at once: rows of tokens (<see cref="TokenBatch"/>), or sequences of vectors
/// (<see cref="Regression.RegressionBatch"/>). Every row, or sequence, has as many predictions as every other.
/// </summary>
public interface IBatch : IDisposable
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The predictions of one row, each of which has a loss.</summary>
    int Predictions { get; }

    /// <summary>How much each prediction of a row counts in a loss whose gradient is made; empty if all count alike.</summary>
    /// <param name="row">The row, from 0.</param>
    ReadOnlySpan<float> Weights(int row);
}

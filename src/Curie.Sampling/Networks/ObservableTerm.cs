namespace Curie.Sampling.Networks;

/// <summary>One term of an observable: the mean loss of rows, times a weight. An observable is the sum of its terms.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Weight">The weight, of either sign.</param>
public sealed record ObservableTerm(ObservableRows Rows, double Weight)
{
    /// <summary>
    /// The bytes of one component that gradients of an observable take beside those that are asked for: every term after the first needs
    /// room of its own.
    /// </summary>
    /// <param name="terms">The number of terms.</param>
    /// <param name="points">How many points of the component are asked for together.</param>
    /// <param name="dimension">The component's weights.</param>
    public static long BytesFor(int terms, int points, int dimension) => terms > 1 ? (long)points * dimension * sizeof(float) : 0;
}

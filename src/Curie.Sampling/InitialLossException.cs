using Curie.Numerics;

namespace Curie.Sampling;

/// <summary>The loss of the checkpoint is no number, so that nothing can be sampled around it.</summary>
public sealed class InitialLossException : InputException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong, where, and how to mend it, in one sentence.</param>
    /// <param name="loss">L0.</param>
    public InitialLossException(string message, double loss)
        : base(message) => Loss = loss;

    /// <summary>L0.</summary>
    public double Loss { get; }
}

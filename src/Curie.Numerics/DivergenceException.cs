namespace Curie.Numerics;

/// <summary>
/// A computation that ran away though its input is sound: a training whose loss is no longer finite, chains that were all stopped. The
/// message is one sentence that says
/// what diverged, where, and how to mend it; what was saved before stays.
/// </summary>
public sealed class DivergenceException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What diverged, where, and how to mend it, in one sentence.</param>
    public DivergenceException(string message)
        : base(message) { }
}

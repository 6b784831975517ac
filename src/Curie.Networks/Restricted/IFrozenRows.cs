namespace Curie.Networks.Restricted;

/// <summary>
/// Fixed rows whose losses are evaluated again and again while the components of a group vary; whatever does not depend on them is
/// computed once where memory allows.
/// </summary>
public interface IFrozenRows : IDisposable
{
    /// <summary>The bytes that frozen activations take.</summary>
    long FrozenBytes { get; }

    /// <summary>
    /// Spends up to so many bytes more on what saves least per byte; to be called when everything else has got its memory.
    /// </summary>
    void UseSpareMemory(long bytes);

    /// <summary>Losses at weight vectors that were loaded.</summary>
    /// <param name="points">The weight vectors, in any order.</param>
    /// <param name="losses">Receives −log p of every wanted token, nats, points × tokens; empty if they are not wanted.</param>
    /// <param name="rowMeans">Receives the mean over each row's wanted tokens, summed in float64, 0 where there is none, points × rows;
    /// empty if not wanted.</param>
    void Losses(ReadOnlySpan<LoadedWeights> points, Span<float> losses, Span<double> rowMeans);
}

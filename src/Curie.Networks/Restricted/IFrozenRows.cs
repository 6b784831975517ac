namespace Curie.Networks.Restricted;

/// <summary>
/// Fixed rows whose losses are evaluated again and again while one component varies; whatever does not depend on the component is
/// computed once where memory allows.
/// </summary>
public interface IFrozenRows : IDisposable
{
    /// <summary>The bytes that frozen activations take.</summary>
    long FrozenBytes { get; }

    /// <summary>Spends up to so many bytes more on what saves least per byte; to be called when everything else has got its memory.</summary>
    void UseSpareMemory(long bytes);

    /// <summary>Losses at the first <paramref name="count"/> weight vectors that were loaded.</summary>
    /// <param name="count">The number of weight vectors.</param>
    /// <param name="losses">Receives −log p of every wanted token, nats, count × tokens; empty if they are not wanted.</param>
    /// <param name="rowMeans">Receives each row's mean, summed in float64, count × rows; empty if not wanted, or where positions are left out.</param>
    void Losses(int count, Span<float> losses, Span<double> rowMeans);
}

namespace Curie.Numerics.Kernels;

/// <summary>Which keys a query sees. The default is causal attention: those at and before its own position.</summary>
/// <param name="Window">How many of the last keys, the query's own position included, are seen; 0 for all.</param>
/// <param name="Bidirectional">Whether keys behind the query are seen too; with a window, as many as before it.</param>
public readonly record struct AttentionSpan(int Window = 0, bool Bidirectional = false)
{
    /// <summary>Whether a query of a row of <paramref name="length"/> positions sees other keys than causal attention shows.</summary>
    public bool IsBanded(int length) => Bidirectional || (Window > 0 && Window < length);

    /// <summary>The first key seen from a position.</summary>
    public int First(int position) => Window == 0 ? 0 : Math.Max(0, position - Window + 1);

    /// <summary>The key behind the last one seen from a position of a row of <paramref name="length"/> positions.</summary>
    public int End(int position, int length) =>
        !Bidirectional ? position + 1
        : Window == 0 ? length
        : Math.Min(length, position + Window);
}

namespace Curie.Networks.Architecture;

/// <summary>How many of the last positions each layer's attention sees, its own included; 0 for all of them.</summary>
public sealed class AttentionWindows : IEquatable<AttentionWindows>
{
    private readonly int[] _windows;

    /// <summary>A window for each layer, from the first.</summary>
    public AttentionWindows(IEnumerable<int> windows) => _windows = [.. windows];

    /// <summary>The number of layers.</summary>
    public int Layers => _windows.Length;

    /// <summary>The window of a layer.</summary>
    public int this[int layer] => _windows[layer];

    /// <summary>Whether two lists are the same.</summary>
    public bool Equals(AttentionWindows? other) => other is not null && _windows.AsSpan().SequenceEqual(other._windows);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AttentionWindows);

    /// <inheritdoc/>
    public override int GetHashCode() => _windows.Aggregate(_windows.Length, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _windows);
}

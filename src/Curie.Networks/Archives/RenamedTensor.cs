namespace Curie.Networks.Archives;

/// <summary>A tensor under another name.</summary>
/// <param name="inner">The tensor.</param>
/// <param name="name">The name.</param>
internal sealed class RenamedTensor(ArchivedTensor inner, string name) : ArchivedTensor(name, inner.Shape, inner.Type)
{
    /// <inheritdoc/>
    protected override void Read(Span<float> destination) => inner.CopyTo(destination);
}

namespace Curie.Networks.Archives.Pickles;

/// <summary>A run of numbers that tensors look into.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its elements; null where tensors say it (an untyped storage, of bytes).</param>
/// <param name="Count">Its elements.</param>
internal sealed record PickleStorage(string Key, TorchType? Type, long Count)
{
    private ByteSource? _source;

    /// <summary>The storage whose part it is, as before PyTorch 0.4; null where it is one of its own.</summary>
    public PickleStorage? Root { get; init; }

    /// <summary>Its first element in <see cref="Root"/>.</summary>
    public long Start { get; init; }

    /// <summary>Where the bytes are, those of <see cref="Root"/> where there is one; null until that is known.</summary>
    public ByteSource? Source
    {
        get => Root is null ? _source : Root.Source;
        set => _source = value;
    }

    /// <summary>The bytes of all elements.</summary>
    public Int128 Bytes => (Int128)Count * (Type?.Bytes ?? 1);
}

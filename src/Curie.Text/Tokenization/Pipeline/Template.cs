namespace Curie.Text.Tokenization.Pipeline;

/// <summary>The tokens that a tokenizer puts around a text.</summary>
/// <param name="Prefix">Before it.</param>
/// <param name="Suffix">Behind it.</param>
internal sealed record Template(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix)
{
    /// <summary>Nothing around a text.</summary>
    public static Template None { get; } = new([], []);

    /// <summary>Another template around this one.</summary>
    public Template Inside(Template outer) => new([.. outer.Prefix, .. Prefix], [.. Suffix, .. outer.Suffix]);
}

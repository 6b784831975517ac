using Curie.Text.Tokenization;

namespace Curie.Text.Packing;

/// <summary>What stands between the texts of token rows, and what special tokens in them are.</summary>
public sealed record PackingOptions
{
    /// <summary>The token that begins every row; null for none.</summary>
    public int? BeginRow { get; init; }

    /// <summary>The token between documents; null for none.</summary>
    public int? EndDocument { get; init; }

    /// <summary>What the name of a special token is where a document has it. Default: text.</summary>
    public SpecialText Special { get; init; } = SpecialText.Text;

    /// <summary>
    /// The seed of a random order of documents and, after them, of rows, so that any rows of the file are a fair sample of the text.
    /// Default null: documents keep the order given, and rows that of the stream.
    /// </summary>
    public long? ShuffleSeed { get; init; }

    /// <summary>The tokens that the tokenizer has for it.</summary>
    /// <exception cref="Numerics.InputException">The tokenizer has none.</exception>
    public static PackingOptions Of(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new PackingOptions { EndDocument = tokenizer.RequireEos(), BeginRow = tokenizer.RequireBos() };
    }
}

using System.Runtime.InteropServices;
using Curie.Numerics;
using Curie.Text.Tokenization;

namespace Curie.Text.Packing;

/// <summary>
/// Packs documents into rows as TransformerLens does: the documents' tokens joined by EOS make one stream, the stream is cut into pieces of
/// n_ctx − 1 tokens, BOS is put before each, and the last piece is dropped where it is short. Documents so run over row ends, and no
/// position is padding.
/// </summary>
public static class Packer
{
    /// <summary>Packs documents in the order given.</summary>
    /// <param name="documents">Read once, lazily.</param>
    /// <param name="tokenizer">Must have a BOS and an EOS token.</param>
    /// <param name="contextLength">n_ctx, at least 2.</param>
    /// <exception cref="InputException">The context is too short, the tokenizer has no BOS or EOS, or the text does not fill one
    /// row.</exception>
    public static PackedText Pack(IEnumerable<Document> documents, Tokenizer tokenizer, int contextLength)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Pack(documents, tokenizer, contextLength, PackingOptions.Of(tokenizer));
    }

    /// <summary>Packs documents in the order given, with tokens of one's own choice between them.</summary>
    /// <param name="documents">Read once, lazily.</param>
    /// <param name="tokenizer">Gives the tokens.</param>
    /// <param name="contextLength">n_ctx, at least 2.</param>
    /// <param name="options">Which tokens begin rows and end documents, and what special tokens in documents are. Where no token begins
    /// rows, the stream is cut into pieces of n_ctx tokens.</param>
    /// <exception cref="InputException">The context is too short, a document has what the tokenizer has no token for, or the text does not
    /// fill one row.</exception>
    public static PackedText Pack(IEnumerable<Document> documents, Tokenizer tokenizer, int contextLength, PackingOptions options)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        if (contextLength < 2)
        {
            throw new InputException($"a context of {Counted.Of(contextLength, "token")} is too short; give at least 2.");
        }

        TextEncoder encoder = tokenizer.CreateEncoder(options.Special);
        using RowBuilder builder = new(contextLength, tokenizer.VocabularySize, options.BeginRow);
        List<int> ids = [];
        long packed = 0;
        long empty = 0;
        foreach (Document document in documents)
        {
            if (document.Text.Length == 0)
            {
                empty++;
                continue;
            }

            ids.Clear();
            if (packed > 0 && options.EndDocument is { } end)
            {
                ids.Add(end);
            }

            encoder.Encode(document.Text, ids);
            builder.Append(CollectionsMarshal.AsSpan(ids));
            packed++;
        }

        if (builder.Rows == 0)
        {
            throw new InputException(
                $"the text is {Counted.Of(builder.Tokens, "token")} long, which does not fill one row of {builder.PieceLength}; give "
                    + "more text or a shorter context."
            );
        }

        return new PackedText(builder.ToRows(), packed, empty, builder.Tokens, builder.Pending);
    }
}

using Curie.Numerics;
using Curie.Text.Tokenization;

namespace Curie.Text.Packing;

/// <summary>
/// Packs documents into rows as TransformerLens does: the documents' tokens joined by EOS make one stream, the stream is cut into pieces of
/// n_ctx − 1 tokens, BOS is put before each, and the last piece is dropped where it is short. Documents so run over row ends, and no
/// position is padding. Documents and rows keep their order, or both are put in a random one (<see cref="PackingOptions.ShuffleSeed"/>):
/// documents because neighbours in a file are often of one kind, rows because a long document fills many in a row.
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

    /// <summary>Packs documents, with tokens of one's own choice between them, in the order given or in a random one.</summary>
    /// <param name="documents">Read once, lazily.</param>
    /// <param name="tokenizer">Gives the tokens.</param>
    /// <param name="contextLength">n_ctx, at least 2.</param>
    /// <param name="options">Which tokens begin rows and end documents, and what special tokens in documents are. Where no token begins
    /// rows, the stream is cut into pieces of n_ctx tokens. In random order all tokens are held a second time while they are
    /// read.</param>
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

        using RowBuilder builder = new(contextLength, tokenizer.VocabularySize, options.BeginRow);
        long packed = 0;
        long empty = 0;
        foreach (ReadOnlyMemory<int> tokens in Ordered(Encoded(documents, tokenizer, options, () => empty++), tokenizer, options))
        {
            if (packed > 0 && options.EndDocument is { } end)
            {
                builder.Append([end]);
            }

            builder.Append(tokens.Span);
            packed++;
        }

        if (builder.Rows == 0)
        {
            throw new InputException(
                $"the text is {Counted.Of(builder.Tokens, "token")} long, which does not fill one row of {builder.PieceLength}; give "
                    + "more text or a shorter context."
            );
        }

        return new PackedText(builder.ToRows(options.ShuffleSeed), packed, empty, builder.Tokens, builder.Pending);
    }

    /// <summary>The tokens of every document that is not empty; what an item holds is replaced when the next is asked for.</summary>
    private static IEnumerable<ReadOnlyMemory<int>> Encoded(
        IEnumerable<Document> documents,
        Tokenizer tokenizer,
        PackingOptions options,
        Action skip
    )
    {
        TextEncoder encoder = tokenizer.CreateEncoder(options.Special);
        List<int> ids = [];
        int[] tokens = [];
        foreach (Document document in documents)
        {
            if (document.Text.Length == 0)
            {
                skip();
                continue;
            }

            ids.Clear();
            encoder.Encode(document.Text, ids);
            if (tokens.Length < ids.Count)
            {
                tokens = new int[ids.Count];
            }

            ids.CopyTo(tokens);
            yield return tokens.AsMemory(0, ids.Count);
        }
    }

    private static IEnumerable<ReadOnlyMemory<int>> Ordered(
        IEnumerable<ReadOnlyMemory<int>> documents,
        Tokenizer tokenizer,
        PackingOptions options
    ) => options.ShuffleSeed is { } seed ? ShuffledDocuments.Read(documents, tokenizer.VocabularySize, seed) : documents;
}

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
    public static PackedText Pack(IEnumerable<Document> documents, BpeTokenizer tokenizer, int contextLength)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (contextLength < 2)
        {
            throw new InputException($"a context of {contextLength} tokens is too short; give at least 2.");
        }

        int eos = tokenizer.RequireEos();
        BpeEncoder encoder = new(tokenizer);
        using RowBuilder builder = new(contextLength, tokenizer.VocabularySize, tokenizer.RequireBos());
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
            if (packed > 0)
            {
                ids.Add(eos);
            }

            encoder.Encode(document.Text, ids);
            builder.Append(CollectionsMarshal.AsSpan(ids));
            packed++;
        }

        if (builder.Rows == 0)
        {
            throw new InputException(
                $"the text is {builder.Tokens} tokens long, which does not fill one row of {contextLength - 1}; give more text or a "
                    + "shorter context."
            );
        }

        return new PackedText(builder.ToRows(), packed, empty, builder.Tokens, builder.Pending);
    }
}

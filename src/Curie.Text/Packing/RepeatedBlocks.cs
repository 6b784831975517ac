using Curie.Numerics;
using Curie.Numerics.Random;
using Curie.Text.Tokenization;

namespace Curie.Text.Packing;

/// <summary>
/// Rows on which only induction helps: BOS, then a block of uniformly random ordinary tokens, over and over until the row is full.
/// With the default block length L = ⌊(n_ctx − 1)/2⌋ the block stands twice and, where n_ctx − 1 is odd, its first token a third time.
/// Position p ≥ 1
/// holds the block's token (p − 1) mod L, so every position after L can be predicted by copying and none before it can be predicted at all.
/// In a training mix, give a range of lengths: with a fixed one a head can learn the offset L instead of looking for the previous
/// occurrence.
/// </summary>
public static class RepeatedBlocks
{
    /// <summary>Rows for a tokenizer's vocabulary; special tokens do not occur in blocks.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="contextLength">n_ctx, at least 3.</param>
    /// <param name="tokenizer">Gives the ordinary tokens and BOS.</param>
    /// <param name="seed">The user's seed; row r is the same whatever the count.</param>
    /// <param name="blockLength">The block's length; null is the default above.</param>
    /// <exception cref="InputException">The context is too short, the block length does not fit it, or the tokenizer has no
    /// BOS.</exception>
    public static TokenRows Rows(int count, int contextLength, Tokenizer tokenizer, long seed, BlockLength? blockLength = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Rows(count, contextLength, tokenizer, tokenizer.RequireBos(), seed, blockLength);
    }

    /// <summary>Rows for a tokenizer's vocabulary that begin with a token of one's own choice, or with none.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="contextLength">n_ctx, at least 3.</param>
    /// <param name="tokenizer">Gives the ordinary tokens.</param>
    /// <param name="beginRow">The first token of every row; null for none, so that the block begins at once.</param>
    /// <param name="seed">The user's seed; row r is the same whatever the count.</param>
    /// <param name="blockLength">The block's length; null is the default above.</param>
    /// <exception cref="InputException">The context is too short, or the block length does not fit it.</exception>
    public static TokenRows Rows(
        int count,
        int contextLength,
        Tokenizer tokenizer,
        int? beginRow,
        long seed,
        BlockLength? blockLength = null
    )
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Rows(count, contextLength, tokenizer.OrdinaryIds, beginRow, tokenizer.VocabularySize, seed, blockLength);
    }

    /// <summary>
    /// Rows for a model without a tokenizer: blocks of all ids below <paramref name="vocabularySize"/> but <paramref name="bosId"/>.
    /// </summary>
    /// <param name="count">How many rows.</param>
    /// <param name="contextLength">n_ctx, at least 3.</param>
    /// <param name="vocabularySize">d_vocab.</param>
    /// <param name="bosId">The first token of every row.</param>
    /// <param name="seed">The user's seed; row r is the same whatever the count.</param>
    /// <param name="blockLength">The block's length; null is the default above.</param>
    /// <exception cref="InputException">The context is too short, the block length does not fit it, or BOS is not in the
    /// vocabulary.</exception>
    public static TokenRows Rows(int count, int contextLength, int vocabularySize, int bosId, long seed, BlockLength? blockLength = null)
    {
        if (bosId < 0 || bosId >= vocabularySize || vocabularySize < 2)
        {
            throw new InputException(
                $"the BOS id {bosId} is not in a vocabulary of {Counted.Of(vocabularySize, "token")}; give an id below the "
                    + "vocabulary's size."
            );
        }

        int[] ordinary = [.. Enumerable.Range(0, vocabularySize).Where(id => id != bosId)];
        return Rows(count, contextLength, ordinary, bosId, vocabularySize, seed, blockLength);
    }

    private static TokenRows Rows(
        int count,
        int contextLength,
        IReadOnlyList<int> ordinary,
        int? bosId,
        int vocabularySize,
        long seed,
        BlockLength? blockLength
    )
    {
        if (contextLength < 3)
        {
            throw new InputException($"a context of {contextLength} tokens cannot repeat anything; give at least 3.");
        }

        int first = bosId is null ? 0 : 1;
        int free = contextLength - first;
        BlockLength length = blockLength ?? new BlockLength(free / 2, free / 2);
        if (length.Least < 1 || length.Most < length.Least || length.Most > free - 1)
        {
            throw new InputException(
                $"blocks of {length.Least} to {length.Most} tokens do not fit a context of {contextLength}; give lengths from 1 to "
                    + $"{free - 1}, the smaller first."
            );
        }

        PhiloxKey key = PhiloxKey.Derive(seed, RandomPurpose.GeneratedText, "repeats");
        TokenRows rows = TokenRows.Allocate(count, contextLength, vocabularySize);
        int[] row = new int[contextLength];
        row[0] = bosId ?? 0;
        for (int r = 0; r < count; r++)
        {
            PhiloxStream random = new(key, (ulong)r);
            int block = length.Least + random.NextInt32(length.Most - length.Least + 1);
            for (int position = first; position < contextLength; position++)
            {
                row[position] = position < first + block ? ordinary[random.NextInt32(ordinary.Count)] : row[position - block];
            }

            rows.SetRow(r, row);
        }

        return rows;
    }
}

using Curie.Text.Packing;
using Curie.Text.Tests.Tokenization;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Packing;

public sealed class PackerTests
{
    private static readonly BpeTokenizer Tokenizer = SmallTokenizer.Instance;
    private static readonly string[] Texts = ["the cat sat on the mat", "that's that", "1234 rats", "x", "the hat"];

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public void Rows_are_BOS_and_consecutive_pieces_of_the_documents_joined_by_EOS(int contextLength)
    {
        List<int> stream = [];
        foreach (string text in Texts)
        {
            stream.AddRange(stream.Count > 0 ? [Tokenizer.EosId!.Value, .. Tokenizer.Encode(text)] : Tokenizer.Encode(text));
        }

        PackedText packed = Packer.Pack(Texts.Select(text => new Document(text, "test")), Tokenizer, contextLength);
        int[][] expected =
        [
            .. stream
                .Chunk(contextLength - 1)
                .Where(piece => piece.Length == contextLength - 1)
                .Select(piece => (int[])[Tokenizer.BosId!.Value, .. piece]),
        ];
        Assert.Equal(expected, Enumerable.Range(0, packed.Rows.Count).Select(packed.Rows.Row));
        Assert.Equal(
            (Texts.Length, 0L, stream.Count, stream.Count % (contextLength - 1)),
            (packed.Documents, packed.EmptyDocuments, packed.Tokens, packed.DroppedTokens)
        );
    }

    [Fact]
    public void Shuffling_puts_documents_and_rows_in_the_order_of_the_seed_and_loses_nothing()
    {
        // Every document is as long as a row's piece, so that each is a row of its own.
        const int length = 4;
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"{i:D4}").Where(text => Tokenizer.Encode(text).Length == length)];
        Assert.True(texts.Length > 100);
        string[] Packed(long? seed)
        {
            PackingOptions options = new() { ShuffleSeed = seed };
            PackedText packed = Packer.Pack(texts.Select(text => new Document(text, "test")), Tokenizer, length, options);
            Assert.Equal((texts.Length, 0, 0), (packed.Documents, packed.EmptyDocuments, packed.DroppedTokens));
            using TokenRows rows = packed.Rows;
            return [.. Enumerable.Range(0, rows.Count).Select(row => Tokenizer.Decode(rows.Row(row)))];
        }

        Assert.Equal(texts, Packed(null));
        Assert.Equal(Packed(3), Packed(3));
        Assert.NotEqual(Packed(3), Packed(4));
        Assert.NotEqual(texts, Packed(3));
        Assert.Equal(texts, Packed(3).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Shuffling_tears_a_long_document_apart_and_documents_from_their_neighbours()
    {
        string[] texts = [string.Concat(Enumerable.Repeat("rats ", 400)), .. Enumerable.Repeat("cat", 400)];
        int[] Places(long? seed)
        {
            PackingOptions options = PackingOptions.Of(Tokenizer) with { ShuffleSeed = seed };
            using TokenRows rows = Packer.Pack(texts.Select(text => new Document(text, "test")), Tokenizer, 5, options).Rows;
            return [.. from row in Enumerable.Range(0, rows.Count) where IsOf(rows, row, "rats") select row];
        }

        static bool IsOf(TokenRows rows, int row, string word) =>
            Tokenizer.Decode(rows.Row(row).AsSpan(1)).Contains(word[..2], StringComparison.Ordinal);

        int[] inOrder = Places(null);
        Assert.Equal(Enumerable.Range(0, inOrder.Length), inOrder);
        int[] shuffled = Places(1);
        Assert.True(shuffled[^1] - shuffled[0] > 1.5 * shuffled.Length, "The rows of the long document are still together.");
    }

    [Fact]
    public void Empty_documents_leave_no_trace_but_their_count()
    {
        PackedText packed = Packer.Pack(new[] { "", "aaaa bb", "", "" }.Select(text => new Document(text, "test")), Tokenizer, 2);
        Assert.Equal((1L, 3L), (packed.Documents, packed.EmptyDocuments));
        Assert.DoesNotContain(Tokenizer.EosId!.Value, Enumerable.Range(0, packed.Rows.Count).SelectMany(packed.Rows.Row));
    }

    [Fact]
    public void Refuses_a_context_or_a_text_that_is_too_short()
    {
        Refusal.Says("a context of 1 token is too short; give at least 2.", () => Packer.Pack([], Tokenizer, 1));
        Refusal.Says("the text is 2 tokens long, which does not fill one row of 9; give more text or a shorter context.", () =>
            Packer.Pack([new Document("xy", "test")], Tokenizer, 10)
        );
    }
}

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

using Curie.Text.Tokenization;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Text.Tests.Tokenization;

public sealed class BpeTrainerTests
{
    [Fact]
    public void Learns_the_merges_of_the_naive_algorithm_in_the_same_order()
    {
        Gen<string> text = Gen.ListOf(Gen.Elements('a', 'a', 'a', 'b', 'c', ' ', 'é')).Select(characters => string.Concat(characters));
        Prop.ForAll(Gen.NonEmptyListOf(text).ToArbitrary(), texts =>
                texts.All(value => value.Length == 0) || Written(Train(texts, 40, 1)).SequenceEqual(NaiveBpe.Train(texts, 40, 1))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60));
    }

    [Fact]
    public void Learns_the_classic_example_in_the_order_of_frequency()
    {
        string text =
            string.Concat(Enumerable.Repeat("low ", 5))
            + string.Concat(Enumerable.Repeat("lower ", 2))
            + string.Concat(Enumerable.Repeat("newest ", 6))
            + string.Concat(Enumerable.Repeat("widest ", 3));
        Assert.Equal(NaiveBpe.Train([text], 12, 2), Written(Train([text], 12, 2)));
        Assert.Equal(("e", "s"), Written(Train([text], 12, 2))[0]);
    }

    [Fact]
    public void Puts_bytes_first_then_merges_then_the_two_special_tokens()
    {
        BpeTokenizer tokenizer = Train(["aaaa bbbb aaaa bbbb"], 3, 2);
        Assert.Equal(256 + 3 + 2, tokenizer.VocabularySize);
        Assert.Equal([new SpecialToken(259, "<|eos|>"), new SpecialToken(260, "<|bos|>")], tokenizer.Specials);
        Assert.Equal((260, 259), (tokenizer.BosId, tokenizer.EosId));
        Assert.Equal([256, 257, 258], tokenizer.Merges.Select(merge => merge.Result));
    }

    [Fact]
    public void Stops_early_where_no_pair_is_frequent_enough() => Assert.Equal(256 + 1 + 2, Train(["ab ab xy"], 50, 2).VocabularySize);

    [Fact]
    public void The_order_of_documents_does_not_matter()
    {
        string[] texts = ["the cat sat", "on the mat", "that the rat ate", "cats and rats"];
        Assert.Equal(Written(Train(texts, 30, 1)), Written(Train([.. texts.Reverse()], 30, 1)));
    }

    [Fact]
    public void Refuses_options_and_text_that_make_no_vocabulary()
    {
        Refusal.Says("a vocabulary of 257 tokens is too small; the 256 bytes and two special tokens need at least 258.", () =>
            BpeTrainer.Train([new Document("a", "s")], new BpeTrainerOptions { VocabularySize = 257 })
        );
        Refusal.Says("a minimum frequency of 0 makes no sense; give 1 or more.", () =>
            BpeTrainer.Train([new Document("a", "s")], new BpeTrainerOptions { MinimumFrequency = 0 })
        );
        Refusal.Says("there is no text to train a tokenizer on; give a corpus that is not empty.", () =>
            BpeTrainer.Train([], new BpeTrainerOptions())
        );
    }

    private static BpeTokenizer Train(IEnumerable<string> texts, int merges, int minimumFrequency) =>
        BpeTrainer.Train(
            texts.Select(text => new Document(text, "test")),
            new BpeTrainerOptions { VocabularySize = 258 + merges, MinimumFrequency = minimumFrequency }
        );

    private static List<(string, string)> Written(BpeTokenizer tokenizer) =>
        [
            .. tokenizer.Merges.Select(merge =>
                (ByteAlphabet.ToText(tokenizer.TokenBytes(merge.Left)), ByteAlphabet.ToText(tokenizer.TokenBytes(merge.Right)))
            ),
        ];
}

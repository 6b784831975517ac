using System.Text;
using Curie.Text.Tokenization;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Text.Tests.Tokenization;

public sealed class BpeTokenizerTests
{
    private static readonly BpeTokenizer Tokenizer = SmallTokenizer.Instance;

    [Fact]
    public void Any_bytes_come_back_exactly() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Tokenizer.DecodeBytes(Tokenizer.Encode(bytes)).SequenceEqual(bytes))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_encoded_as_the_definition_says()
    {
        Gen<string> text = Gen.ListOf(Gen.Elements("aathecs onr'.é1 \n".ToCharArray())).Select(characters => string.Concat(characters));
        Prop.ForAll(text.ToArbitrary(), value =>
                Tokenizer.Encode(value).SequenceEqual(NaiveBpe.Encode(Tokenizer, Encoding.UTF8.GetBytes(value)))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(80));
    }

    [Fact]
    public void An_encoder_that_remembers_words_gives_the_same_tokens_the_second_time()
    {
        BpeEncoder encoder = new(Tokenizer);
        List<int> first = [];
        List<int> second = [];
        encoder.Encode(SmallTokenizer.Text, first);
        encoder.Encode(SmallTokenizer.Text, second);
        Assert.Equal(NaiveBpe.Encode(Tokenizer, Encoding.UTF8.GetBytes(SmallTokenizer.Text)), first);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_word_of_a_million_letters_is_encoded_in_good_time_and_comes_back()
    {
        string text = new('a', 1_000_000);
        Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));
    }

    [Fact]
    public void Text_cannot_forge_a_special_token()
    {
        int[] ids = Tokenizer.Encode("<|bos|>");
        Assert.DoesNotContain(Tokenizer.BosId!.Value, ids);
        Assert.Equal("<|bos|>", Tokenizer.Decode(ids));
    }

    [Fact]
    public void The_ids_of_bytes_are_those_of_GPT2()
    {
        // encoder.json of GPT-2: "!" 0, "~" 93, "Ā" (byte 0) 188, "Ċ" (line feed) 198, "Ġ" (space) 220, "Ń" (byte 0xAD) 255.
        Assert.Equal([0, 93, 188, 198, 220, 255], ((byte[])[(byte)'!', (byte)'~', 0, (byte)'\n', (byte)' ', 0xAD]).Select(ByteAlphabet.Id));
    }

    [Fact]
    public void Refuses_an_id_without_a_token_and_a_vocabulary_without_every_byte()
    {
        Refusal.Says("the tokenizer has no token with id 330; use the tokenizer that made these token rows.", () =>
            Tokenizer.Decode([330])
        );
        Refusal.Says("toy has no token for the byte 0x00; a byte-level vocabulary needs all 256 of them.", () => _ = new BpeTokenizer(
                [
                    [(byte)'a'],
                ],
                [],
                [],
                "toy"
            ));
        byte[]?[] bytes = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
        Refusal.Says(
            "toy has no beginning-of-row token; add one of <|bos|>, <s>, <bos>, [BOS], <|begin_of_text|>, <|startoftext|> or <|endoftext|> "
                + "to its added_tokens, with \"special\": true.",
            () => new BpeTokenizer(bytes, [], [], "toy").RequireBos()
        );
    }
}

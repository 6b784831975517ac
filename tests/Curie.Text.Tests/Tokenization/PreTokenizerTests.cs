using System.Text;
using System.Text.RegularExpressions;
using Curie.Text.Tokenization;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Text.Tests.Tokenization;

/// <summary>Against the regular expression of GPT-2 itself, run by .NET.</summary>
public sealed partial class PreTokenizerTests
{
    private const string Alphabet = "'stremvldSTaZ09 \t\n\r\u00A0\u2003\u0085\u2028.,!-_<é\u0301Ωж你ª²½Ⅷ١\u200B\u180E\u001F\uFFFD€";

    [Fact]
    public void Cuts_any_text_where_the_regular_expression_does()
    {
        Gen<string> text = Gen.ListOf(Gen.Elements(Alphabet.ToCharArray())).Select(characters => string.Concat(characters));
        Prop.ForAll(text.ToArbitrary(), value => Cut(value).SequenceEqual(Gpt2().Matches(value).Select(match => match.Value)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(40));
    }

    [Theory]
    [InlineData("it's we'll they've 'tis", "it|'s| we|'ll| they|'ve| '|tis")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a \n\n  b\n", "a| \n\n | b|\n")]
    [InlineData("x=12.5;", "x|=|12|.|5|;")]
    [InlineData("end   ", "end|   ")]
    [InlineData("a\tb", "a|\t|b")]
    public void Cuts_these_texts_like_this(string text, string pieces) => Assert.Equal(pieces.Split('|'), Cut(text));

    [Fact]
    public void A_letter_outside_the_basic_plane_is_a_letter_and_an_emoji_is_not() =>
        Assert.Equal(["a𝒳b", "😀😀", " 𐤀"], Cut("a𝒳b😀😀 𐤀"));

    [Fact]
    public void Cuts_any_bytes_into_pieces_that_are_not_empty() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            {
                int at = 0;
                while (at < bytes.Length)
                {
                    int length = PreTokenizer.NextLength(bytes.AsSpan(at));
                    Assert.InRange(length, 1, bytes.Length - at);
                    at += length;
                }
            })
            .QuickCheckThrowOnFailure();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2();

    private static List<string> Cut(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<string> pieces = [];
        for (int at = 0; at < bytes.Length; )
        {
            int length = PreTokenizer.NextLength(bytes.AsSpan(at));
            pieces.Add(Encoding.UTF8.GetString(bytes, at, length));
            at += length;
        }

        return pieces;
    }
}

namespace Curie.Numerics.Tests;

public sealed class MessageLineTests
{
    [Theory]
    [InlineData("plain text, é, 漢字, λ̂, 😀", "plain text, é, 漢字, λ̂, 😀")]
    [InlineData("a\nb\r\tc", "a\\u000Ab\\u000D\\u0009c")]
    [InlineData("\u001b[31mred\u009b", "\\u001B[31mred\\u009B")]
    [InlineData("\u202eabc\u2066", "\\u202Eabc\\u2066")]
    [InlineData("a\u2028b\u2029\ufeff\ue000", "a\\u2028b\\u2029\\uFEFF\\uE000")]
    [InlineData("\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")]
    public void A_message_is_one_line_of_visible_characters(string text, string expected)
    {
        Assert.Equal(expected, MessageLine.Of(text));
        Assert.Equal(expected, new InputException(text).Message);
        Assert.Equal(expected, new InputException(text, new IOException(text)).Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_replacement_character() => Assert.Equal("a\uFFFDb", MessageLine.Of("a\ud800b"));
}

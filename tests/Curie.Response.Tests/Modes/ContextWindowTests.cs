using Curie.Response.Modes;

namespace Curie.Response.Tests.Modes;

public class ContextWindowTests
{
    private static readonly string[] Vocabulary = ["The", " cat", "\n", "\tsat", ".", "\r", "\u00a0é"];

    [Fact]
    public void The_window_is_anchored_on_the_predicted_token()
    {
        ContextWindow window = ContextWindow.Around([0, 1, 2, 3, 4, 5, 6], position: 2, before: 2, after: 2, Decode);
        Assert.Equal(new ContextWindow("␣cat⏎", "⇥sat", ".␍"), window);
    }

    [Fact]
    public void The_window_is_cut_at_the_ends_of_the_row()
    {
        Assert.Equal(new ContextWindow("The", "␣cat", "⏎"), ContextWindow.Around([0, 1, 2], 0, 9, int.MaxValue, Decode));
        Assert.Equal(new ContextWindow("", "⍽é", ""), ContextWindow.Around([0, 1, 6], 1, 0, 3, Decode));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_position_without_a_next_token_is_refused(int position) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ContextWindow.Around([0, 1, 2], position, 1, 1, Decode));

    [Fact]
    public void Every_whitespace_and_control_character_has_a_mark() =>
        Assert.Equal("a␣b⏎c⇥d␍e␀f␡g⍽h·Ġ", VisibleText.Mark("a b\nc\td\re\0f\u007fg\u00a0h·Ġ"));

    private static string Decode(ReadOnlySpan<int> tokens)
    {
        string text = "";
        foreach (int token in tokens)
        {
            text += Vocabulary[token];
        }

        return text;
    }
}

using System.Text;

namespace Curie.Response.Modes;

/// <summary>
/// Makes whitespace visible: space ␣, line feed ⏎, tab ⇥, no-break space ⍽, any other control character its picture (U+2400 …), delete ␡.
/// </summary>
public static class VisibleText
{
    private const int ControlPictures = 0x2400;

    /// <summary>Replaces every whitespace and control character by its mark.</summary>
    public static string Mark(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder marked = new(text.Length);
        foreach (char c in text)
        {
            marked.Append(MarkOf(c));
        }

        return marked.ToString();
    }

    private static char MarkOf(char c) =>
        c switch
        {
            ' ' => '␣',
            '\n' => '⏎',
            '\t' => '⇥',
            '\u00A0' => '⍽',
            '\u007F' => '␡',
            < ' ' => (char)(ControlPictures + c),
            _ => c,
        };
}

using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>
/// A normalization form of Unicode (Unicode Standard Annex 15): decompose, put marks into the order of their classes, compose. It has
/// tables of its own, because .NET normalizes nothing where a program does without the data of cultures, and because a tokenizer's ids
/// must not change with the version of Unicode.
/// </summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : INormalizer
{
    private readonly bool _compatibly = form is UnicodeForm.NFKC or UnicodeForm.NFKD;
    private readonly bool _composes = form is UnicodeForm.NFC or UnicodeForm.NFKC;

    public bool KeepsBeginning => true;

    public string Description => form.ToString();

    public string Normalize(string text, LengthLimit limit)
    {
        // No character below these changes, or is composed with the one before it.
        char least = form switch
        {
            UnicodeForm.NFC => '\u0300',
            UnicodeForm.NFD => '\u00C0',
            _ => '\u00A0',
        };
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(least - 1)) < 0)
        {
            return text;
        }

        if (_composes && IsStable(text))
        {
            return text;
        }

        List<int> points = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompositions.Append(rune.Value, _compatibly, points);
            if (points.Count > limit.Most)
            {
                throw limit.Refusal(Description);
            }
        }

        Order(points);
        if (_composes)
        {
            Compose(points);
        }

        StringBuilder result = new(points.Count);
        foreach (int point in points)
        {
            result.Append(new Rune(point).ToString());
        }

        return result.ToString();
    }

    private bool IsStable(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value >= 0x80 && !Decompositions.IsStable(rune.Value, _compatibly))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sorts every run of marks by class, stably.</summary>
    private static void Order(List<int> points)
    {
        List<(int Class, int Point)> marks = [];
        for (int at = 0; at < points.Count; at++)
        {
            marks.Clear();
            int start = at;
            while (at < points.Count && Decompositions.ClassOf(points[at]) is > 0 and int mark)
            {
                marks.Add((mark, points[at++]));
            }

            if (marks.Count > 1)
            {
                foreach ((int _, int point) in marks.OrderBy(mark => mark.Class))
                {
                    points[start++] = point;
                }
            }
        }
    }

    private static void Compose(List<int> points)
    {
        int written = 0;
        int starter = -1;
        int lastClass = -1;
        foreach (int point in points.ToArray())
        {
            int mark = Decompositions.ClassOf(point);
            if (starter >= 0 && lastClass < mark && Decompositions.TryCompose(points[starter], point, out int composed))
            {
                points[starter] = composed;
                continue;
            }

            if (mark == 0)
            {
                starter = written;
                lastClass = -1;
            }
            else
            {
                lastClass = mark;
            }

            points[written++] = point;
        }

        points.RemoveRange(written, points.Count - written);
    }
}

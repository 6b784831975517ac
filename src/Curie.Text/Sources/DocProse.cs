using System.Text;
using System.Xml.Linq;

namespace Curie.Text.Sources;

/// <summary>
/// Renders the XML of documentation comments as plain English: references become their short names, paragraphs and list items lines, every
/// other run of white space one space. Code samples and examples are left out: they are not English.
/// </summary>
internal static class DocProse
{
    private static readonly string[] Blocks = ["para", "p", "item", "list", "listheader", "br", "div", "ul", "li", "remarks"];
    private static readonly string[] LeftOut = ["code", "example", "examples", "format", "script", "devremarks", "forInternalUseOnly"];

    /// <summary>The text of an element, lines separated by one line feed; empty if there is none.</summary>
    public static string Render(XElement element)
    {
        StringBuilder text = new();
        Append(element, text);
        return Tidy(text);
    }

    private static void Append(XElement element, StringBuilder text)
    {
        foreach (XNode node in element.Nodes())
        {
            if (node is XText characters)
            {
                AppendWords(characters.Value, text);
            }
            else if (node is XElement child && !LeftOut.Contains(child.Name.LocalName))
            {
                AppendElement(child, text);
            }
        }
    }

    private static void AppendElement(XElement child, StringBuilder text)
    {
        string name = child.Name.LocalName;
        if (Blocks.Contains(name))
        {
            text.Append('\n');
            Append(child, text);
            text.Append('\n');
        }
        else if (name == "term")
        {
            Append(child, text);
            if (child.ElementsAfterSelf("description").Any(description => !string.IsNullOrWhiteSpace(description.Value)))
            {
                text.Append(": ");
            }
        }
        else if (child.IsEmpty || !child.Nodes().Any())
        {
            AppendWords(Reference(child), text);
        }
        else
        {
            Append(child, text);
        }
    }

    private static string Reference(XElement element)
    {
        string target = (string?)(
            element.Attribute("cref") ?? element.Attribute("name") ?? element.Attribute("langword") ?? element.Attribute("href")
        ) ?? "";
        return element.Name.LocalName == "xref" ? "" : ShortName(target);
    }

    /// <summary>
    /// The name a sentence would use for a referenced member: <c>IEnumerable</c> for <c>T:System.Collections.Generic.IEnumerable`1</c>.
    /// </summary>
    public static string ShortName(string reference)
    {
        if (MemberName.Parse(reference) is not { } member)
        {
            bool tagged = reference.Length > 2 && reference[1] == ':';
            return MemberName.WithoutArity(tagged ? reference[(Math.Max(1, reference.LastIndexOf('.')) + 1)..] : reference);
        }

        return member.Kind == 'T' || member.Last.StartsWith('#')
            ? member.Plain
            : $"{MemberName.WithoutArity(member.Type[(member.Type.LastIndexOf('.') + 1)..])}.{member.Plain}";
    }

    /// <summary>Source line ends inside text are spaces; only block elements break lines.</summary>
    private static void AppendWords(string words, StringBuilder text)
    {
        foreach (char c in words)
        {
            text.Append(char.IsWhiteSpace(c) ? ' ' : c);
        }
    }

    private static string Tidy(StringBuilder text)
    {
        IEnumerable<string> lines = text.ToString()
            .Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Length > 0);
        return string.Join('\n', lines);
    }
}

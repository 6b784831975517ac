using System.Text;
using System.Xml.Linq;

namespace Curie.Text.Sources;

/// <summary>
/// The English in the .NET class library's own documentation, one document per type with the type's members together: technical prose with
/// a fixed
/// vocabulary and much repetition at a distance. Needs no download: it comes with every .NET SDK. Each member counts once, and the same
/// sentences
/// under several overloads of one name are kept once. Left out are types whose documentation is processor instructions
/// (System.Runtime.Intrinsics.X86 and its like).
/// </summary>
public sealed class DotnetDocsSource : ICorpusSource
{
    private const string Intrinsics = "System.Runtime.Intrinsics.";
    private readonly string? _root;

    /// <summary>Chooses the installation.</summary>
    /// <param name="dotnetRoot">The folder that holds <c>packs</c>; null finds it.</param>
    public DotnetDocsSource(string? dotnetRoot = null) => _root = dotnetRoot;

    /// <inheritdoc/>
    public string Name => "dotnet-docs";

    /// <inheritdoc/>
    /// <exception cref="Numerics.InputException">No SDK with a <c>packs</c> folder was found.</exception>
    public IEnumerable<Document> Read()
    {
        SortedDictionary<string, SortedDictionary<string, DocMember>> types = DocFiles.Types(_root);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string type, SortedDictionary<string, DocMember> members) in types)
        {
            if (!IsInstructionSet(type) && Describe(DocFiles.Split(type, types), members.Values) is { Length: > 0 } text && seen.Add(text))
            {
                yield return new Document(text, Name);
            }
        }
    }

    private static bool IsInstructionSet(string type) =>
        type.StartsWith(Intrinsics, StringComparison.Ordinal) && type.IndexOf('.', Intrinsics.Length) >= 0;

    private static string Describe((string Namespace, string Name) type, IEnumerable<DocMember> members)
    {
        StringBuilder text = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        string heading = "";
        foreach (DocMember member in members)
        {
            string body = Describe(member.Xml);
            if (body.Length == 0 || !seen.Add(body))
            {
                continue;
            }

            if (text.Length == 0)
            {
                text.Append(type.Name).Append(type.Namespace.Length > 0 ? $", in {type.Namespace}.\n" : ".\n");
            }

            if (member.Name.Kind != 'T' && member.Name.Plain != heading)
            {
                heading = member.Name.Plain;
                text.Append('\n').Append(heading).Append('\n');
            }

            text.Append(body).Append('\n');
        }

        return text.ToString();
    }

    private static string Describe(XElement member)
    {
        StringBuilder text = new();
        foreach (XElement part in member.Elements())
        {
            string words = DocProse.Render(part);
            string? label = part.Name.LocalName switch
            {
                "summary" or "remarks" => "",
                "returns" => "Returns: ",
                "value" => "Value: ",
                "param" or "typeparam" => $"{(string?)part.Attribute("name")}: ",
                "exception" => $"{DocProse.ShortName((string?)part.Attribute("cref") ?? "")}: ",
                _ => null,
            };
            if (label is not null && words.Length > 0)
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(label).Append(words);
            }
        }

        return text.ToString();
    }
}

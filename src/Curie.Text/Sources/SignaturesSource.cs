using System.Text;

namespace Curie.Text.Sources;

/// <summary>
/// The names of the .NET class library's types and members as declarations in the manner of C#, one document per type: the nearest thing to
/// program code
/// that comes with every .NET SDK. It says nothing that <see cref="DotnetDocsSource"/> says in English.
/// </summary>
public sealed class SignaturesSource : ICorpusSource
{
    private readonly string? _root;

    /// <summary>Chooses the installation.</summary>
    /// <param name="dotnetRoot">The folder that holds <c>packs</c>; null finds it.</param>
    public SignaturesSource(string? dotnetRoot = null) => _root = dotnetRoot;

    /// <inheritdoc/>
    public string Name => "signatures";

    /// <inheritdoc/>
    /// <exception cref="Numerics.InputException">No SDK with a <c>packs</c> folder was found.</exception>
    public IEnumerable<Document> Read()
    {
        SortedDictionary<string, SortedDictionary<string, DocMember>> types = DocFiles.Types(_root);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string type, SortedDictionary<string, DocMember> members) in types)
        {
            if (
                members.Values.Any(member => member.Name.Kind != 'T')
                && Declare(DocFiles.Split(type, types), [.. members.Values]) is var text
                && seen.Add(text)
            )
            {
                yield return new Document(text, Name);
            }
        }
    }

    private static string Declare((string Namespace, string Name) type, IReadOnlyList<DocMember> members)
    {
        string[] parameters = members[0].Name.Kind == 'T' ? [.. SignatureText.TypeParameters(members[0], members[0].Name.Last)] : [];
        SignatureText signatures = new(parameters);
        StringBuilder text = new();
        if (type.Namespace.Length > 0)
        {
            text.Append("namespace ").Append(type.Namespace).Append(";\n\n");
        }

        text.Append("type ").Append(type.Name);
        text.Append(parameters.Length > 0 ? $"<{string.Join(", ", parameters)}>" : "").Append("\n{\n");
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (DocMember member in members.Where(member => member.Name.Kind != 'T'))
        {
            string declaration = signatures.Declare(member);
            if (seen.Add(declaration))
            {
                text.Append("    ").Append(declaration).Append('\n');
            }
        }

        return text.Append("}\n").ToString();
    }
}

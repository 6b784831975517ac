using System.Text;

namespace Curie.Text.Sources;

/// <summary>
/// The names of the .NET class library's types and members as declarations in the manner of C#, one document per type: the nearest thing to program code
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
        foreach ((string type, SortedDictionary<string, DocMember> members) in DocFiles.Types(_root))
        {
            if (members.Values.Any(member => member.Name.Kind != 'T'))
            {
                yield return new Document(Declare(type, [.. members.Values]), Name);
            }
        }
    }

    private static string Declare(string type, IReadOnlyList<DocMember> members)
    {
        string name = type[(type.LastIndexOf('.') + 1)..];
        string[] parameters = members[0].Name.Kind == 'T' ? [.. SignatureText.TypeParameters(members[0], name)] : [];
        SignatureText signatures = new(parameters);
        StringBuilder text = new();
        if (type.LastIndexOf('.') is var dot and > 0)
        {
            text.Append("namespace ").Append(type, 0, dot).Append(";\n\n");
        }

        text.Append("type ").Append(MemberName.WithoutArity(name));
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

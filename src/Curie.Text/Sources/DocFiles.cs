using System.Xml;
using System.Xml.Linq;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Sources;

/// <summary>
/// The XML documentation of a .NET SDK's targeting packs, <c>packs/*/VERSION/ref/FRAMEWORK/*.xml</c>, of each pack the newest version
/// alone.
/// The packs repeat one another; a member counts where it is first seen.
/// </summary>
internal static class DocFiles
{
    private const string Component = "targeting packs (Microsoft.NETCore.App.Ref)";

    /// <summary>
    /// The documented types by full name, and for each its members by identifier, the type itself first; all in ordinal order.
    /// </summary>
    /// <param name="dotnetRoot">The folder that holds <c>packs</c>; null finds it.</param>
    /// <exception cref="InputException">There is no <c>packs</c> folder with documentation in it, or a file is not XML.</exception>
    public static SortedDictionary<string, SortedDictionary<string, DocMember>> Types(string? dotnetRoot)
    {
        string root = dotnetRoot ?? DotnetRoot.Find("packs", Component);
        string packs = Path.Combine(root, "packs");
        string[] files = Directory.Exists(packs) ? [.. Files(packs)] : [];
        if (files.Length == 0)
        {
            throw DotnetRoot.Missing("packs", Component, root);
        }

        SortedDictionary<string, SortedDictionary<string, DocMember>> types = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            foreach (XElement xml in Load(file).Root?.Element("members")?.Elements("member") ?? [])
            {
                string identifier = (string?)xml.Attribute("name") ?? "";
                if (MemberName.Parse(identifier) is { } name)
                {
                    AddMember(types, name, identifier, xml);
                }
            }
        }

        return types;
    }

    /// <summary>
    /// Parts a type's full name into its namespace, which may be empty, and its name with those of the types it is nested in.
    /// </summary>
    public static (string Namespace, string Name) Split(string type, SortedDictionary<string, SortedDictionary<string, DocMember>> types)
    {
        int dot = type.LastIndexOf('.');
        while (dot > 0 && types.ContainsKey(type[..dot]))
        {
            dot = type.LastIndexOf('.', dot - 1);
        }

        string[] nested = [.. type[(dot + 1)..].Split('.').Select(MemberName.WithoutArity)];
        return (dot > 0 ? type[..dot] : "", string.Join('.', nested));
    }

    private static void AddMember(
        SortedDictionary<string, SortedDictionary<string, DocMember>> types,
        MemberName name,
        string identifier,
        XElement xml
    )
    {
        if (!types.TryGetValue(name.Type, out SortedDictionary<string, DocMember>? members))
        {
            types[name.Type] = members = new SortedDictionary<string, DocMember>(TypeFirst.Instance);
        }

        members.TryAdd(identifier, new DocMember(name, xml));
    }

    private static IEnumerable<string> Files(string packs)
    {
        foreach (string pack in Directory.EnumerateDirectories(packs).Order(StringComparer.Ordinal))
        {
            if (DotnetRoot.Newest(pack) is not { } version || !Directory.Exists(Path.Combine(version, "ref")))
            {
                continue;
            }

            if (DotnetRoot.Newest(Path.Combine(version, "ref")) is { } framework)
            {
                foreach (string file in Directory.EnumerateFiles(framework, "*.xml").Order(StringComparer.Ordinal))
                {
                    yield return file;
                }
            }
        }
    }

    private static XDocument Load(string file) => InputFile.Read(file, stream =>
        {
            try
            {
                return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
            }
            catch (XmlException error)
            {
                throw new InputException($"{file} is not XML (line {error.LineNumber}); repair the .NET SDK.", error);
            }
        });

    /// <summary>Ordinal by path and then by the whole identifier, the type before its members.</summary>
    private sealed class TypeFirst : IComparer<string>
    {
        public static readonly TypeFirst Instance = new();

        public int Compare(string? x, string? y)
        {
            bool xType = x is ['T', ..];
            bool yType = y is ['T', ..];
            return xType != yType ? (xType ? -1 : 1)
                : string.CompareOrdinal(x, 2, y, 2, int.MaxValue) is var order and not 0 ? order
                : string.CompareOrdinal(x, y);
        }
    }
}

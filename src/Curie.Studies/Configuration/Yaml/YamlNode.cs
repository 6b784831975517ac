namespace Curie.Studies.Configuration.Yaml;

/// <summary>A node of a YAML file, with the line (from 1) where it starts.</summary>
internal abstract record YamlNode(int Line);

/// <summary>A single value. Plain values may be numbers or truth values; quoted ones are text.</summary>
internal sealed record YamlScalar(int Line, string Value, bool IsPlain) : YamlNode(Line)
{
    /// <summary>Whether nothing was written where a value should be.</summary>
    public bool IsNothing => IsPlain && Value is "" or "~" or "null";
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);

/// <summary>Keys and their values, in the order of the file; no key comes twice.</summary>
internal sealed record YamlMapping(int Line, IReadOnlyDictionary<string, YamlEntry> Entries) : YamlNode(Line);

/// <summary>A key's own line and its value.</summary>
internal sealed record YamlEntry(int Line, YamlNode Value);

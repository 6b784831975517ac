namespace Curie.Numerics.Files;

/// <summary>Fields of CSV (RFC 4180).</summary>
public static class CsvText
{
    /// <summary>A field as it stands in a line: quoted where it holds a comma, a quote or a line break.</summary>
    public static string Field(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

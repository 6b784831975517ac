namespace Curie.Text.Sources;

/// <summary>How text lies in a file.</summary>
public enum TextFormat
{
    /// <summary>
    /// JSON Lines where the name or the content says so: <c>.jsonl</c>, <c>.ndjson</c> and <c>.jl</c>, or a first line that is a JSON
    /// object. Otherwise one document.
    /// </summary>
    Detected,

    /// <summary>A JSON object on every line, a document each.</summary>
    JsonLines,

    /// <summary>One document.</summary>
    Plain,
}

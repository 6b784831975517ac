namespace Curie.Text.Sources;

/// <summary>How documents are found in files.</summary>
public sealed record TextReading
{
    /// <summary>How text lies in them. Default: what name and content say.</summary>
    public TextFormat Format { get; init; } = TextFormat.Detected;

    /// <summary>The property that holds the text in JSON Lines. Default <c>text</c>.</summary>
    public string Column { get; init; } = JsonLines.DefaultColumn;
}

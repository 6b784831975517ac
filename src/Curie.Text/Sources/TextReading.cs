using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>How documents are found in files.</summary>
public sealed record TextReading
{
    /// <summary>How text lies in them. Default: what name and content say.</summary>
    public TextFormat Format { get; init; } = TextFormat.Detected;

    /// <summary>The property that holds the text in JSON Lines. Default <c>text</c>.</summary>
    public string Column { get; init; } = JsonLines.DefaultColumn;

    /// <summary>
    /// Which files of folders are read: globs (<c>*</c>, <c>?</c>, <c>**</c>) of their paths below the folder, with / between the parts;
    /// one without a / is meant at any depth. Default none: all files.
    /// </summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Which files and folders of folders are not read, likewise. Default none.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// Told of what cannot be read and is left out: a file, what is left of a damaged one, or a line. Default null: it is refused.
    /// </summary>
    public Action<InputException>? LeaveOut { get; init; }
}

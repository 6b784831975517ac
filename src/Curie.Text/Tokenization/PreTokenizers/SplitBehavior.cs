namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>What becomes of the matches of a pattern at which a text is cut.</summary>
internal enum SplitBehavior
{
    /// <summary>They are left out.</summary>
    Removed,

    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>Each is the end of the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each is the beginning of the piece behind it.</summary>
    MergedWithNext,

    /// <summary>Those side by side are one piece.</summary>
    Contiguous,
}

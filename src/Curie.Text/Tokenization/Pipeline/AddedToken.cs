namespace Curie.Text.Tokenization.Pipeline;

/// <summary>A token that is recognised in a text by its name, before the text is cut into words.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its name.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it is special: text where special tokens are text.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space behind it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it counts only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it is looked for in the normalized text, in which it is normalized too.</summary>
    public bool Normalized { get; init; }
}

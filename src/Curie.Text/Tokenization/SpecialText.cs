namespace Curie.Text.Tokenization;

/// <summary>
/// What the name of a special token is where it stands in a text. Added tokens that are not special are always recognised.
/// </summary>
public enum SpecialText
{
    /// <summary>Text like any other: a document cannot forge a special token.</summary>
    Text,

    /// <summary>The special token itself.</summary>
    Token,
}

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Where Metaspace puts its sign before a piece that does not begin with it.</summary>
internal enum PrependScheme
{
    /// <summary>Before every piece.</summary>
    Always,

    /// <summary>Before the piece that begins the text.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

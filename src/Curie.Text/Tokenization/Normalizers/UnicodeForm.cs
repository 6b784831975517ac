namespace Curie.Text.Tokenization.Normalizers;

/// <summary>The four normalization forms of Unicode.</summary>
internal enum UnicodeForm
{
    /// <summary>Composed, canonically equivalent.</summary>
    NFC,

    /// <summary>Decomposed, canonically equivalent.</summary>
    NFD,

    /// <summary>Composed, with compatibility characters replaced.</summary>
    NFKC,

    /// <summary>Decomposed, with compatibility characters replaced.</summary>
    NFKD,
}

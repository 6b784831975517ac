namespace Curie.Text.Tokenization.Models;

/// <summary>What of byte-pair encoding differs between vocabularies.</summary>
internal sealed record BpeOptions
{
    /// <summary>The token of characters that have none; null where they are left out.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether unknown characters side by side are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a character without a token is written as its bytes, <c>&lt;0xE2&gt;</c>, where these have tokens.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is that token, whatever its merges.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Written before every character of a word but the first.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>Written behind the last character of a word.</summary>
    public string EndOfWordSuffix { get; init; } = "";
}

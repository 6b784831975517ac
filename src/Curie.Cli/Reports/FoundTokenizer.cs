using Curie.Numerics;
using Curie.Text.Tokenization;

namespace Curie.Cli.Reports;

/// <summary>The tokenizer beside a model.</summary>
/// <param name="Path">Its file; null where there is none.</param>
/// <param name="Vocabulary">Its tokens; null where it is not read.</param>
/// <param name="Refusal">Why it is not read.</param>
internal sealed record FoundTokenizer(string? Path, int? Vocabulary, string? Refusal)
{
    /// <summary>Looks for a tokenizer in a folder.</summary>
    public static FoundTokenizer In(string folder)
    {
        string? path = null;
        try
        {
            path = TokenizerFile.Find(folder);
            return new FoundTokenizer(path, path is null ? null : TokenizerFile.Load(path).VocabularySize, null);
        }
        catch (InputException refusal)
        {
            return new FoundTokenizer(path, null, refusal.Message);
        }
    }
}

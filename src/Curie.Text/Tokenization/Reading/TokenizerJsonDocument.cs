using System.Text.Json;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Parses the JSON of tokenizers, and says in one sentence why it cannot be.</summary>
internal static class TokenizerJsonDocument
{
    private const long MostBytes = 1L << 28;

    public static JsonDocument Parse(Stream stream, string path)
    {
        if (stream.Length > MostBytes)
        {
            throw new InputException($"{path} has more than {MostBytes >> 20} MiB, which no tokenizer needs; give a tokenizer's file.");
        }

        try
        {
            return JsonDocument.Parse(stream);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is not JSON (line {error.LineNumber + 1}); give a Hugging Face tokenizer.json.", error);
        }
    }
}

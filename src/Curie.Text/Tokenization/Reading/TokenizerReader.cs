using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Tells by its content what kind of tokenizer a file is, and reads it.</summary>
internal static class TokenizerReader
{
    private const int LookAhead = 4096;
    private const long MostBytes = 1L << 28;

    public static Tokenizer Read(Stream stream, string path, string? pattern)
    {
        if (Path.GetFileName(path) == VocabularyAndMerges.MergesName)
        {
            string vocabulary = Path.Combine(Path.GetDirectoryName(path) ?? "", VocabularyAndMerges.VocabularyName);
            return TokenizerFile.Load(vocabulary, pattern);
        }

        byte[] buffer = new byte[LookAhead];
        ReadOnlySpan<byte> start = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        ReadOnlySpan<byte> text = start.TrimStart(" \t\r\n\uFEFF"u8);
        stream.Position = 0;
        if (stream.Length > MostBytes)
        {
            throw new InputException($"{path} has more than {MostBytes >> 20} MiB, which no tokenizer needs; give a tokenizer's file.");
        }

        if (ForeignContent.Describe(text.IsEmpty ? [] : start) is string foreign)
        {
            throw new InputException($"{path} {foreign}");
        }

        bool isTiktoken = TiktokenFile.IsLike(start);
        if (pattern is not null && !isTiktoken)
        {
            throw new InputException($"{path} is not a tiktoken file, so a pattern has no meaning; leave it out.");
        }

        if (isTiktoken)
        {
            return TiktokenFile.Read(stream, path, pattern);
        }

        if (LlamaBinFile.IsLike(start))
        {
            return LlamaBinFile.Read(stream, path);
        }

        if (IsSentencePiece(start))
        {
            throw new InputException(
                $"{path} is a SentencePiece model, which Curie does not read; save the tokenizer with Hugging Face transformers "
                    + "(AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)), which writes a tokenizer.json."
            );
        }

        return IsPickle(start, path) || (text[0] is not ((byte)'{' or (byte)'[') && Path.GetExtension(path) == ".pkl")
            ? Characters.ReadPickle(stream, path)
            : ReadJson(stream, path);
    }

    private static Tokenizer ReadJson(Stream stream, string path)
    {
        using JsonDocument json = TokenizerJsonDocument.Parse(stream, path);
        try
        {
            return ReadJson(json.RootElement, path);
        }
        catch (InvalidOperationException error)
        {
            throw new InputException($"{path} holds a string that is not Unicode; give a Hugging Face tokenizer.json.", error);
        }
    }

    private static Tokenizer ReadJson(JsonElement root, string path)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return Characters.ReadList(root, path);
        }

        if (Characters.IsMeta(root))
        {
            return Characters.ReadMeta(root, path);
        }

        bool isTable =
            root.ValueKind == JsonValueKind.Object
            && !root.TryGetProperty("model", out JsonElement model) | model.ValueKind == JsonValueKind.Number
            && root.EnumerateObject().Any()
            && root.EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.Number);
        if (!isTable)
        {
            return TokenizerJson.Read(root, path);
        }

        string merges = Path.Combine(Path.GetDirectoryName(path) ?? "", VocabularyAndMerges.MergesName);
        return File.Exists(merges) ? VocabularyAndMerges.Read(root, path, merges)
            : root.EnumerateObject().All(entry => entry.Name.Length <= 2)
                ? Characters.Create(TokenIds.Read(root, path), path, "JSON of characters")
            : throw new InputException($"{path} is a vocabulary without its merges; put {VocabularyAndMerges.MergesName} beside it.");
    }

    /// <summary>A pickle of protocol 2 or later, or one of before, which begins with an empty dictionary or a mark.</summary>
    private static bool IsPickle(ReadOnlySpan<byte> start, string path) =>
        start.Length > 1
        && ((start[0] == 0x80 && start[1] <= 5) || (Path.GetExtension(path) == ".pkl" && start[0] is (byte)'(' or (byte)'}'));

    /// <summary>
    /// A message of protocol buffers whose first field is a message with the piece <c>&lt;unk&gt;</c> or <c>&lt;pad&gt;</c>.
    /// </summary>
    private static bool IsSentencePiece(ReadOnlySpan<byte> start) =>
        start.Length > 4 && start[0] == 0x0A && start[2] == 0x0A && start[3] < 64 && start[4] == (byte)'<';
}

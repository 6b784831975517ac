using System.Text.Encodings.Web;
using System.Text.Json;
using Curie.Numerics.Files;

namespace Curie.Text.Tokenization;

/// <summary>
/// Reads and writes a tokenizer as a Hugging Face <c>tokenizer.json</c>: model BPE, pre-tokenizer and decoder ByteLevel, special tokens in
/// <c>added_tokens</c>. The library <c>tokenizers</c> reads what is written here and gives the same ids.
/// </summary>
public static class TokenizerFile
{
    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="Numerics.InputException">The file is missing, is not such JSON, or asks for something that is not supported; the
    /// message names it.</exception>
    public static BpeTokenizer Load(string path) => InputFile.Read(path, stream => TokenizerJsonReader.Read(stream, path));

    /// <summary>Writes a tokenizer, whole or not at all.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    public static void Save(string path, BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        AtomicFile.Write(path, stream =>
        {
            using Utf8JsonWriter json = new(
                stream,
                new JsonWriterOptions
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            );
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteAddedTokens(json, tokenizer);
            json.WriteNull("normalizer");
            WriteByteLevel(json, "pre_tokenizer");
            json.WriteNull("post_processor");
            WriteByteLevel(json, "decoder");
            WriteModel(json, tokenizer);
            json.WriteEndObject();
        });
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, BpeTokenizer tokenizer)
    {
        json.WriteStartArray("added_tokens");
        foreach (SpecialToken special in tokenizer.Specials)
        {
            json.WriteStartObject();
            json.WriteNumber("id", special.Id);
            json.WriteString("content", special.Content);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string property)
    {
        json.WriteStartObject(property);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, BpeTokenizer tokenizer)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        SortedDictionary<int, string> vocabulary = new(tokenizer.Specials.ToDictionary(special => special.Id, special => special.Content));
        foreach (int id in tokenizer.OrdinaryIds)
        {
            vocabulary[id] = ByteAlphabet.ToText(tokenizer.TokenBytes(id));
        }

        foreach ((int id, string token) in vocabulary)
        {
            json.WriteNumber(token, id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (Merge merge in tokenizer.Merges)
        {
            json.WriteStringValue(
                $"{ByteAlphabet.ToText(tokenizer.TokenBytes(merge.Left))} {ByteAlphabet.ToText(tokenizer.TokenBytes(merge.Right))}"
            );
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

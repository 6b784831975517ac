using System.Text.Encodings.Web;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Text.Tokenization.Reading;

namespace Curie.Text.Tokenization;

/// <summary>
/// Reads tokenizers of any kind: Hugging Face's <c>tokenizer.json</c>, GPT-2's <c>vocab.json</c> with <c>merges.txt</c>, tiktoken's files,
/// llama2.c's <c>tokenizer.bin</c>, and vocabularies of characters (<c>meta.pkl</c>, <c>meta.json</c>). Which of them a file is, its
/// content says. Writes a byte-level BPE tokenizer as <c>tokenizer.json</c>, which the library <c>tokenizers</c> reads and gives the same
/// ids.
/// </summary>
public static class TokenizerFile
{
    private const string SentencePieceName = "tokenizer.model";
    private const string TiktokenExtension = ".tiktoken";
    private static readonly string[] Names =
    [
        "tokenizer.json",
        VocabularyAndMerges.VocabularyName,
        "tokenizer.bin",
        "meta.pkl",
        "meta.json",
    ];

    /// <summary>The names of the patterns that tiktoken files are read with, for help.</summary>
    public static string PatternNames => TiktokenEncoding.Names;

    /// <summary>Whether <see cref="Find"/> takes files of a name for a tokenizer, or for a part of one.</summary>
    public static bool IsUsual(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Names.Contains(name)
            || name is VocabularyAndMerges.MergesName or SentencePieceName
            || name.EndsWith(TiktokenExtension, StringComparison.Ordinal);
    }

    /// <summary>Finds the tokenizer in a model's folder.</summary>
    /// <returns>The file; null where there is none.</returns>
    /// <exception cref="InputException">There are several tiktoken files, or a tokenizer of SentencePiece alone.</exception>
    public static string? Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        foreach (string name in Names)
        {
            string path = Path.Combine(folder, name);
            if (
                File.Exists(path)
                && (name != VocabularyAndMerges.VocabularyName || File.Exists(Path.Combine(folder, VocabularyAndMerges.MergesName)))
            )
            {
                return path;
            }
        }

        string[] ranks = [.. Directory.EnumerateFiles(folder, "*" + TiktokenExtension).Order(StringComparer.Ordinal)];
        string model = Path.Combine(folder, SentencePieceName);
        return ranks.Length > 1 ? throw new InputException($"{folder} has {ranks.Length} tiktoken files; leave one, or name it.")
            : ranks.Length == 1 ? ranks[0]
            : File.Exists(model) ? model
            : null;
    }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">The file, or a folder that holds it.</param>
    /// <param name="pattern">For a tiktoken file, the name of its pattern or a regular expression; null to go by the file's name.</param>
    /// <exception cref="InputException">The file is missing, is no tokenizer, or asks for something that is not supported; the message
    /// names it.</exception>
    public static Tokenizer Load(string path, string? pattern = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            path = Find(path)
                ?? throw new InputException(
                    $"{path} is a folder without a tokenizer; put tokenizer.json, vocab.json with merges.txt, a .tiktoken file, "
                        + "tokenizer.bin or "
                        + "meta.pkl there."
                );
        }

        return InputFile.Read(path, stream => TokenizerReader.Read(stream, path, pattern));
    }

    /// <summary>Writes a tokenizer, whole or not at all.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
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

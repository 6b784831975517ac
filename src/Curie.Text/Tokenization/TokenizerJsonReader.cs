using System.Text.Json;
using Curie.Numerics;

namespace Curie.Text.Tokenization;

/// <summary>Turns the JSON of a <c>tokenizer.json</c> into a tokenizer, refusing by name what Curie would encode differently.</summary>
internal sealed class TokenizerJsonReader
{
    private readonly string _path;
    private readonly List<byte[]?> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    private TokenizerJsonReader(string path) => _path = path;

    public static BpeTokenizer Read(Stream stream, string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(stream);
            return new TokenizerJsonReader(path).Read(json.RootElement);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is not JSON (line {error.LineNumber + 1}); give a Hugging Face tokenizer.json.", error);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new InputException(
                $"{path} holds a value of the wrong JSON type; give a Hugging Face tokenizer.json of model type BPE.",
                error
            );
        }
    }

    private BpeTokenizer Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model", out JsonElement model))
        {
            throw new InputException($"{_path} has no \"model\"; give a Hugging Face tokenizer.json.");
        }

        if (Present(root, "normalizer") is { } normalizer)
        {
            throw Unsupported($"the normalizer {TypeOf(normalizer)}");
        }

        CheckModel(model);
        CheckByteLevel(root);
        List<SpecialToken> specials = ReadSpecials(root);
        ReadVocabulary(model, specials);
        return new BpeTokenizer(_tokens, ReadMerges(model), specials, _path);
    }

    private void CheckModel(JsonElement model)
    {
        if (TypeOf(model) is var type && type != "BPE" && !(type == "without a type" && model.TryGetProperty("merges", out _)))
        {
            throw Unsupported($"the model type {type}");
        }

        foreach (string option in (string[])["byte_fallback", "ignore_merges"])
        {
            if (Present(model, option) is { ValueKind: JsonValueKind.True })
            {
                throw Unsupported($"the model option {option}");
            }
        }

        foreach (string option in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (Present(model, option) is { } value && value.GetString() is not "")
            {
                throw Unsupported($"the model option {option}");
            }
        }

        if (Present(model, "dropout") is { } dropout && dropout.GetDouble() != 0)
        {
            throw Unsupported("the model option dropout");
        }
    }

    private void CheckByteLevel(JsonElement root)
    {
        if (Present(root, "pre_tokenizer") is not { } pre)
        {
            throw Unsupported("a missing pre_tokenizer");
        }

        if (TypeOf(pre) != "ByteLevel")
        {
            throw Unsupported($"the pre_tokenizer {TypeOf(pre)}");
        }

        if (Present(pre, "add_prefix_space") is { ValueKind: JsonValueKind.True })
        {
            throw Unsupported("the pre_tokenizer option add_prefix_space");
        }

        if (Present(pre, "use_regex") is { ValueKind: JsonValueKind.False })
        {
            throw Unsupported("the pre_tokenizer option use_regex: false");
        }

        if (Present(root, "decoder") is { } decoder && TypeOf(decoder) != "ByteLevel")
        {
            throw Unsupported($"the decoder {TypeOf(decoder)}");
        }
    }

    private List<SpecialToken> ReadSpecials(JsonElement root)
    {
        List<SpecialToken> specials = [];
        if (Present(root, "added_tokens") is not { } added)
        {
            return specials;
        }

        foreach (JsonElement token in added.EnumerateArray())
        {
            if (Present(token, "content")?.GetString() is not { } content || Present(token, "id") is not { } id)
            {
                throw new InputException($"{_path} has an added token without \"content\" or \"id\"; give it both.");
            }

            if (Present(token, "special") is not { ValueKind: JsonValueKind.True })
            {
                throw Unsupported($"the added token {content}, which is not special");
            }

            specials.Add(new SpecialToken(CheckId(id, content), content));
        }

        return specials;
    }

    private void ReadVocabulary(JsonElement model, List<SpecialToken> specials)
    {
        if (Present(model, "vocab") is not { } vocabulary)
        {
            throw new InputException($"{_path} has no \"vocab\" in its model; give a complete tokenizer.json.");
        }

        HashSet<int> specialIds = [.. specials.Select(special => special.Id)];
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            int id = CheckId(entry.Value, entry.Name);
            if (specialIds.Contains(id))
            {
                continue;
            }

            if (!ByteAlphabet.TryToBytes(entry.Name, out byte[] bytes) || bytes.Length == 0)
            {
                throw new InputException(
                    $"{_path} has the token \"{entry.Name}\" (id {id}), which is not written in GPT-2's byte alphabet; give a byte-level "
                        + "vocabulary."
                );
            }

            while (_tokens.Count <= id)
            {
                _tokens.Add(null);
            }

            if (_tokens[id] is not null)
            {
                throw new InputException($"{_path} gives the id {id} to two tokens, the second \"{entry.Name}\"; ids must differ.");
            }

            _tokens[id] = bytes;
            _ids[entry.Name] = id;
        }
    }

    private List<Merge> ReadMerges(JsonElement model)
    {
        if (Present(model, "merges") is not { } entries)
        {
            throw new InputException($"{_path} has no \"merges\" in its model; give a complete tokenizer.json.");
        }

        List<Merge> merges = [];
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            IEnumerable<string?> written =
                entry.ValueKind == JsonValueKind.Array
                    ? entry.EnumerateArray().Select(part => part.GetString())
                    : entry.GetString()?.Split(' ') ?? [];
            List<string?> parts = [.. written];
            if (parts is not [{ } left, { } right])
            {
                throw new InputException(
                    $"{_path} has merge {merges.Count} \"{entry}\", which is not two tokens; write it as \"a b\" or [\"a\", \"b\"]."
                );
            }

            merges.Add(new Merge(Known(left, merges.Count), Known(right, merges.Count), Known(left + right, merges.Count)));
        }

        return merges;
    }

    private int Known(string token, int merge) =>
        _ids.TryGetValue(token, out int id)
            ? id
            : throw new InputException(
                $"{_path} has merge {merge}, whose token \"{token}\" is not in the vocabulary; a shortened vocabulary needs its merges "
                    + "shortened too."
            );

    private int CheckId(JsonElement value, string token)
    {
        const int Most = 1 << 24;
        return value.TryGetInt32(out int id) && id is >= 0 and < Most
            ? id
            : throw new InputException($"{_path} gives the token \"{token}\" the id {value}; ids are whole numbers from 0 to {Most - 1}.");
    }

    private static JsonElement? Present(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string TypeOf(JsonElement element) => Present(element, "type")?.GetString() ?? "without a type";

    private InputException Unsupported(string what) =>
        new(
            $"{_path} uses {what}, which Curie does not support; give a byte-level BPE tokenizer like GPT-2's or train one with curie "
                + "tokenizer train."
        );
}

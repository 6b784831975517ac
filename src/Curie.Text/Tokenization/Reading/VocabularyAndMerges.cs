using System.Globalization;
using System.Text;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Pipeline;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Reading;

/// <summary>
/// Reads GPT-2's <c>vocab.json</c> and <c>merges.txt</c>. Tokens that are neither bytes nor made by merges are special. Where there is a
/// <c>tokenizer_config.json</c> beside them, its <c>bos_token</c>, <c>eos_token</c>, <c>add_bos_token</c> and <c>add_prefix_space</c>
/// count.
/// </summary>
internal static class VocabularyAndMerges
{
    /// <summary>The name of the file of merges.</summary>
    public const string MergesName = "merges.txt";

    /// <summary>The name of the vocabulary.</summary>
    public const string VocabularyName = "vocab.json";

    private const string ConfigName = "tokenizer_config.json";
    private const string AddedName = "added_tokens.json";
    private const int HeadBytes = 512;

    /// <summary>Reads the tokenizer.</summary>
    public static Tokenizer Read(JsonElement vocabularyJson, string vocabularyPath, string mergesPath)
    {
        Dictionary<string, int> vocabulary = TokenIds.Read(vocabularyJson, vocabularyPath);
        List<(string Left, string Right)> pairs = InputFile.Read(mergesPath, stream => ReadMerges(stream, mergesPath));
        BpeModel model = BpeReader.Create(vocabulary, pairs, new BpeOptions(), mergesPath);
        HashSet<string> ordinary = [.. pairs.Select(pair => pair.Left + pair.Right)];
        string folder = Path.GetDirectoryName(vocabularyPath) ?? "";
        JsonPart? settings = Beside(folder, ConfigName);
        Dictionary<string, AddedToken> added = vocabulary
            .Where(entry => entry.Key.Length > 1 && !ordinary.Contains(entry.Key))
            .ToDictionary(entry => entry.Key, entry => new AddedToken(entry.Value, entry.Key) { IsSpecial = true }, StringComparer.Ordinal);
        AddOthers(Beside(folder, AddedName), settings, vocabulary, added);
        int? bos = Named(settings, "bos_token");
        int? eos = Named(settings, "eos_token");
        bool adds = settings?.Flag("add_bos_token") ?? false;
        bool prefix = settings?.Flag("add_prefix_space") ?? false;
        IPreTokenizer[] steps =
        [
            .. prefix ? [new PrefixSpacePreTokenizer()] : Array.Empty<IPreTokenizer>(),
            new GptWordsPreTokenizer(),
            new BytesPreTokenizer(),
        ];
        return new PipelineTokenizer(
            new TokenizerDesign(vocabularyPath, model)
            {
                Kind = $"{VocabularyName} and {MergesName}",
                Added = [.. added.Values],
                PreTokenizers = steps,
                Template = adds && bos is { } first ? new Template([first], []) : Template.None,
                Decoders = [new ByteLevelDecoder()],
                Bos = bos,
                Eos = eos,
            }
        );

        int? Named(JsonPart? part, string property) =>
            TokenName(part, property) is { } name && (vocabulary.TryGetValue(name, out int id) || TryAdded(name, out id)) ? id : null;

        bool TryAdded(string name, out int id)
        {
            id = added.GetValueOrDefault(name)?.Id ?? -1;
            return id >= 0;
        }
    }

    private static JsonPart? Beside(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? InputFile.Read(path, stream => Settings(stream, path)) : null;
    }

    /// <summary>Enters what <c>added_tokens.json</c> and, in more detail, <c>added_tokens_decoder</c> add.</summary>
    private static void AddOthers(
        JsonPart? names,
        JsonPart? settings,
        Dictionary<string, int> vocabulary,
        Dictionary<string, AddedToken> added
    )
    {
        if (names is { Element.ValueKind: JsonValueKind.Object } list)
        {
            foreach (JsonProperty entry in list.Element.EnumerateObject().Where(entry => entry.Name.Length > 0))
            {
                int id = vocabulary.GetValueOrDefault(entry.Name, TokenIds.Read(entry.Value, entry.Name, list.Path));
                added.TryAdd(entry.Name, new AddedToken(id, entry.Name));
            }
        }

        if (settings?.Part("added_tokens_decoder") is { Element.ValueKind: JsonValueKind.Object } decoder)
        {
            foreach (JsonProperty entry in decoder.Element.EnumerateObject())
            {
                JsonPart token = new(decoder.Path, decoder.Name, entry.Value);
                if (
                    token.Text("content") is not { Length: > 0 } content
                    || !int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                    || id >= TokenIds.Most
                )
                {
                    throw token.Wrong("has a token without a name or an id");
                }

                added[content] = AddedTokenReader.Flags(new AddedToken(vocabulary.GetValueOrDefault(content, id), content), token);
            }
        }

        HashSet<int> ids = [.. vocabulary.Where(entry => !added.ContainsKey(entry.Key)).Select(entry => entry.Value)];
        if (added.Values.FirstOrDefault(token => !ids.Add(token.Id)) is { } twice)
        {
            string path = (names ?? settings)?.Path ?? VocabularyName;
            throw new InputException(
                $"{path} gives the id {twice.Id} to two tokens, the second {PrintableText.Quote(twice.Content)}; ids must differ."
            );
        }
    }

    private static JsonPart Settings(Stream stream, string path)
    {
        using JsonDocument json = TokenizerJsonDocument.Parse(stream, path);
        return new JsonPart(path, "the file", json.RootElement.Clone());
    }

    /// <summary>A token's name, which stands alone or as <c>content</c> of an object.</summary>
    private static string? TokenName(JsonPart? part, string property) =>
        part?.Find(property) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : part?.Part(property)?.OptionalText("content");

    private static List<(string Left, string Right)> ReadMerges(Stream stream, string path)
    {
        byte[] head = new byte[HeadBytes];
        int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (got > 0 && ForeignContent.Describe(head.AsSpan(0, got)) is string foreign)
        {
            throw new InputException($"{path} {foreign}");
        }

        List<(string, string)> merges = [];
        using StreamReader reader = new(stream, Encoding.UTF8);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            merges.Add(
                line.Split(' ') is [var left, var right]
                    ? (left, right)
                    : throw new InputException(
                        $"{path} has line {number} {PrintableText.Quote(line)}, which is not two tokens; give GPT-2's merges.txt."
                    )
            );
        }

        return merges;
    }
}

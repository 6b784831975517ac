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

    /// <summary>Reads the tokenizer.</summary>
    public static Tokenizer Read(JsonElement vocabularyJson, string vocabularyPath, string mergesPath)
    {
        Dictionary<string, int> vocabulary = TokenIds.Read(vocabularyJson, vocabularyPath);
        List<(string Left, string Right)> pairs = InputFile.Read(mergesPath, stream => ReadMerges(stream, mergesPath));
        BpeModel model = BpeReader.Create(vocabulary, pairs, new BpeOptions(), mergesPath);
        HashSet<string> ordinary = [.. pairs.Select(pair => pair.Left + pair.Right)];
        AddedToken[] added =
        [
            .. vocabulary
                .Where(entry => entry.Key.Length > 1 && !ordinary.Contains(entry.Key))
                .Select(entry => new AddedToken(entry.Value, entry.Key) { IsSpecial = true }),
        ];
        string config = Path.Combine(Path.GetDirectoryName(vocabularyPath) ?? "", ConfigName);
        JsonPart? settings = File.Exists(config) ? InputFile.Read(config, stream => Settings(stream, config)) : null;
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
                Added = added,
                PreTokenizers = steps,
                Template = adds && bos is { } first ? new Template([first], []) : Template.None,
                Decoders = [new ByteLevelDecoder()],
                Bos = bos,
                Eos = eos,
            }
        );

        int? Named(JsonPart? part, string property) =>
            TokenName(part, property) is { } name && vocabulary.TryGetValue(name, out int id) ? id : null;
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

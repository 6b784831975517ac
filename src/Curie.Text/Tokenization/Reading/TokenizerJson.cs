using System.Text.Json;
using Curie.Numerics;
using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Normalizers;
using Curie.Text.Tokenization.Pipeline;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Turns the JSON of a <c>tokenizer.json</c> into a tokenizer, refusing by name what Curie would encode differently.</summary>
internal static class TokenizerJson
{
    /// <summary>More ids without tokens than this, and a table by id is not worth its room.</summary>
    private const int MostEmpty = 1 << 16;

    public static Tokenizer Read(JsonElement json, string path)
    {
        JsonPart root = new(path, "the file", json);
        JsonPart modelPart = root.Part("model")
            ?? throw new InputException($"{path} has no \"model\"; give a Hugging Face tokenizer.json.");
        WordModel model = Model(modelPart);
        IReadOnlyList<AddedToken> added = AddedTokenReader.Read(root, model.Vocabulary);
        INormalizer? normalizer = root.Part("normalizer") is { } normalizerPart ? NormalizerReader.Read(normalizerPart) : null;
        IPreTokenizer[] steps = root.Part("pre_tokenizer") is { } stepsPart ? [.. PreTokenizerReader.Read(stepsPart)] : [];
        IDecoder[]? decoders = root.Part("decoder") is { } decoderPart ? [.. DecoderReader.Read(decoderPart)] : null;
        int largest = Math.Max(model.Vocabulary.Values.DefaultIfEmpty(-1).Max(), added.Select(token => token.Id).DefaultIfEmpty(-1).Max());
        if (largest < 0)
        {
            throw new InputException($"{path} has no tokens; give a complete tokenizer.json.");
        }

        Template template = root.Part("post_processor") is { } templatePart ? TemplateReader.Read(templatePart, largest) : Template.None;
        if (normalizer is { KeepsBeginning: false } && steps.Any(step => step.AsksForBeginning))
        {
            throw root.Unsupported($"the normalizer {normalizer.Description} before Metaspace with prepend_scheme first");
        }

        if (normalizer is not null && added.FirstOrDefault(token => token.Normalized && Normalized(token).Length == 0) is { } gone)
        {
            throw root.Unsupported($"the added token {PrintableText.Quote(gone.Content)}, of which its normalizer leaves nothing");
        }

        string Normalized(AddedToken token) => normalizer.Normalize(token.Content, new LengthLimit(path, token.Content.Length));

        return Plain(path, model, added, normalizer, steps, template, decoders)
            ?? (Tokenizer)
                new PipelineTokenizer(
                    new TokenizerDesign(path, model)
                    {
                        Added = added,
                        Normalizer = normalizer,
                        PreTokenizers = steps,
                        Template = template,
                        Decoders = decoders,
                    }
                );
    }

    /// <summary>A tokenizer with nothing but what GPT-2's has, which is encoded the fastest.</summary>
    private static BpeTokenizer? Plain(
        string path,
        WordModel model,
        IReadOnlyList<AddedToken> added,
        INormalizer? normalizer,
        IPreTokenizer[] steps,
        Template template,
        IDecoder[]? decoders
    )
    {
        if (
            model is not BpeModel { TakesBytes: true, AllBytes: true, Options: { IgnoreMerges: false } } bpe
            || normalizer is not null
            || steps is not [GptWordsPreTokenizer, BytesPreTokenizer]
            || decoders is not (null or [ByteLevelDecoder])
            || template.Prefix.Count + template.Suffix.Count > 0
            || !added.All(token => token is { IsSpecial: true, SingleWord: false, StripsLeft: false, StripsRight: false })
            || added.DistinctBy(token => token.Normalized).Count() > 1
        )
        {
            return null;
        }

        HashSet<int> specials = [.. added.Select(token => token.Id)];
        int largest = bpe.Vocabulary.Values.Concat(specials).Max();
        if (largest > MostEmpty + (2 * bpe.Vocabulary.Count))
        {
            return null;
        }

        byte[]?[] tokens = new byte[largest + 1][];
        foreach ((string token, int id) in bpe.Vocabulary)
        {
            if (!specials.Contains(id))
            {
                if (!ByteAlphabet.TryToBytes(token, out byte[] bytes))
                {
                    return null;
                }

                tokens[id] = bytes;
            }
        }

        return new BpeTokenizer(tokens, bpe.List, [.. added.Select(token => new SpecialToken(token.Id, token.Content))], path);
    }

    private static WordModel Model(JsonPart part)
    {
        string type = part.OptionalText("type") ?? (part.Find("merges") is null ? "without a type" : "BPE");
        return type switch
        {
            "BPE" => BpeReader.Read(part),
            "WordLevel" => new WordLevelModel(BpeReader.Vocabulary(part), part.OptionalText("unk_token"), part.Path),
            _ => throw part.Unsupported($"the model type {type}"),
        };
    }
}

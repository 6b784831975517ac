using System.Text;
using Curie.Text.Tokenization.Decoders;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads <c>decoder</c>, as the steps that it takes.</summary>
internal static class DecoderReader
{
    public static IEnumerable<IDecoder> Read(JsonPart part) =>
        part.Type switch
        {
            "Sequence" => part.Parts("decoders").SelectMany(Read),
            "ByteLevel" => [new ByteLevelDecoder()],
            "Metaspace" => [Metaspace(part)],
            "Replace" => [new ReplaceDecoder(PatternReader.Read(part), part.Text("content"))],
            "ByteFallback" => [new ByteFallbackDecoder()],
            "Fuse" => [new FuseDecoder()],
            "Strip" => [new StripDecoder(part.Character("content", ""), part.Count("start"), part.Count("stop"))],
            "BPEDecoder" => [Suffix(part)],
            var type => throw part.Unsupported($"the decoder {type}"),
        };

    private static MetaspaceDecoder Metaspace(JsonPart part) =>
        new(
            part.Character("replacement", "\u2581"),
            part.OptionalText("prepend_scheme") is { } scheme ? scheme != "never" : part.Flag("add_prefix_space", true)
        );

    private static SuffixDecoder Suffix(JsonPart part) =>
        part.OptionalText("suffix") is not ""
            ? new SuffixDecoder(part.OptionalText("suffix") ?? "</w>")
            : throw part.Unsupported("an empty suffix");
}

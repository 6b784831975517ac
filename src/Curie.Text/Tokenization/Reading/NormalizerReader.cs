using Curie.Text.Tokenization.Normalizers;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    public static INormalizer Read(JsonPart part) =>
        part.Type switch
        {
            "NFC" => new UnicodeNormalizer(UnicodeForm.NFC),
            "NFD" => new UnicodeNormalizer(UnicodeForm.NFD),
            "NFKC" => new UnicodeNormalizer(UnicodeForm.NFKC),
            "NFKD" => new UnicodeNormalizer(UnicodeForm.NFKD),
            "Lowercase" => new LowercaseNormalizer(),
            "Strip" => new StripNormalizer(part.Flag("strip_left", true), part.Flag("strip_right", true)),
            "StripAccents" => new StripAccentsNormalizer(),
            "Prepend" => new PrependNormalizer(part.Text("prepend")),
            "Replace" => new ReplaceNormalizer(PatternReader.Read(part), part.Text("content")),
            "Sequence" => new NormalizerSequence([.. part.Parts("normalizers").Select(Read)]),
            var type => throw part.Unsupported($"the normalizer {type}"),
        };
}

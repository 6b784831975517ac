using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Normalizers, one after another.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    public bool KeepsBeginning => normalizers.All(normalizer => normalizer.KeepsBeginning);

    public string Description => string.Join(", ", normalizers.Select(normalizer => normalizer.Description));

    public string Normalize(string text, LengthLimit limit)
    {
        foreach (INormalizer normalizer in normalizers)
        {
            text = normalizer.Normalize(text, limit);
        }

        return text;
    }
}

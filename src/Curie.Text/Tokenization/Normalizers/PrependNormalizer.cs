using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Puts a string before every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public bool KeepsBeginning => true;

    public string Description => $"Prepend {PrintableText.Quote(prefix)}";

    public string Normalize(string text, LengthLimit limit)
    {
        if (text.Length == 0)
        {
            return text;
        }

        return (long)prefix.Length + text.Length <= limit.Most ? prefix + text : throw limit.Refusal(Description);
    }
}

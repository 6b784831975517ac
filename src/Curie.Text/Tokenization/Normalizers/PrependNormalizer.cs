namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Puts a string before every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public bool KeepsBeginning => true;

    public string Description => $"Prepend {PrintableText.Quote(prefix)}";

    public string Normalize(string text) => text.Length == 0 ? text : prefix + text;
}

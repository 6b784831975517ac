using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Changes a text before it is cut into words.</summary>
internal interface INormalizer
{
    /// <summary>
    /// False where the first character of the result may come from another place than the beginning of the text, so that nothing may
    /// depend on whether a word begins the text.
    /// </summary>
    bool KeepsBeginning { get; }

    /// <summary>What it is, in words.</summary>
    string Description { get; }

    /// <summary>The changed text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">How long it may become.</param>
    /// <exception cref="Numerics.InputException">It would become longer.</exception>
    string Normalize(string text, LengthLimit limit);
}

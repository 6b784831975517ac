using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Normalizers;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Pipeline;

/// <summary>What a tokenizer is made of, in the order in which a text passes through it.</summary>
/// <param name="Name">What error messages call the tokenizer.</param>
/// <param name="Model">The vocabulary.</param>
internal sealed record TokenizerDesign(string Name, WordModel Model)
{
    /// <summary>What kind of file it was read from.</summary>
    public string Kind { get; init; } = "tokenizer.json";

    /// <summary>The tokens that are recognised in a text.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>What changes the text first; null for nothing.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>What cuts the text into words.</summary>
    public IReadOnlyList<IPreTokenizer> PreTokenizers { get; init; } = [];

    /// <summary>What is put around the text.</summary>
    public Template Template { get; init; } = Template.None;

    /// <summary>What leads from tokens back to text; null where they are joined by spaces.</summary>
    public IReadOnlyList<IDecoder>? Decoders { get; init; }

    /// <summary>The token that begins rows, where the files say it; null where it is found by the template or by name.</summary>
    public int? Bos { get; init; }

    /// <summary>The token that ends documents, where the files say it.</summary>
    public int? Eos { get; init; }
}

using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Text.Packing;
using Curie.Text.Sources;
using Curie.Text.Tokenization;

namespace Curie.Studies;

/// <summary>Makes token rows of text as a model reads it.</summary>
public static class TextRows
{
    /// <summary>Packs a text with the model's own tokenizer into rows of the model's context, and writes them.</summary>
    /// <param name="text">A text file, JSON Lines, either compressed or not, or a folder of such files.</param>
    /// <param name="model">The model folder, which holds a tokenizer.</param>
    /// <param name="rows">The file of token rows; one that is there is replaced.</param>
    /// <param name="shuffleSeed">The seed of the random order of documents and rows. Default 1; null keeps them in order.</param>
    /// <exception cref="Numerics.InputException">An input is missing or damaged, the text does not fill one row, or the file cannot be
    /// written.</exception>
    public static void Pack(string text, string model, string rows, long? shuffleSeed = 1)
    {
        TransformerConfig config = ModelReader.LoadConfig(model);
        Tokenizer tokenizer = TokenizerFile.Load(TokenizerFile.Find(model) ?? Path.Combine(model, ModelFolder.TokenizerName));
        PackingOptions options = PackingOptions.Of(tokenizer) with { ShuffleSeed = shuffleSeed };
        using TokenRows packed = Packer.Pack(CorpusSource.Open(text).Read(), tokenizer, config.ContextLength, options).Rows;
        packed.Save(rows);
    }
}

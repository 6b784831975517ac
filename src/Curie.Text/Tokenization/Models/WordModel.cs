namespace Curie.Text.Tokenization.Models;

/// <summary>A vocabulary, and how a word becomes its tokens.</summary>
internal abstract class WordModel
{
    /// <summary>The tokens as they are written in the file, and their ids.</summary>
    public abstract Dictionary<string, int> Vocabulary { get; }

    /// <summary>What it is, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Whether the model is given the bytes of words, which GPT-2's alphabet writes.</summary>
    public virtual bool TakesBytes => false;

    /// <summary>Makes an encoder, to be used by one thread.</summary>
    public abstract IWordEncoder CreateEncoder();
}

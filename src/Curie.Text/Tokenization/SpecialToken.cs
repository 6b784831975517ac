namespace Curie.Text.Tokenization;

/// <summary>A token that no text encodes to, such as the beginning of a row or the end of a document.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its name, e.g. <c>&lt;|bos|&gt;</c>.</param>
public sealed record SpecialToken(int Id, string Content)
{
    /// <summary>Its name with nothing in it that cannot be seen.</summary>
    public string PrintableContent => PrintableText.Plain(Content);
}

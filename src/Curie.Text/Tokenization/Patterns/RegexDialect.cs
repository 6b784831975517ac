namespace Curie.Text.Tokenization.Patterns;

/// <summary>Whose regular expressions they are; the dialects differ in a few signs.</summary>
internal enum RegexDialect
{
    /// <summary>Oniguruma's, of Hugging Face tokenizers: <c>{1,3}+</c> is a repetition of a repetition.</summary>
    Oniguruma,

    /// <summary>Rust's fancy-regex, of tiktoken: <c>{1,3}+</c> is possessive, <c>$</c> the end of the text.</summary>
    Fancy,
}

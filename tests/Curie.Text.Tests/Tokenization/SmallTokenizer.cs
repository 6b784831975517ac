using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

/// <summary>A tokenizer learned from a few sentences.</summary>
internal static class SmallTokenizer
{
    public const string Text =
        "the cat sat on the mat; the rat sat on the cat's hat.\n\nThat's that: 1234 + 1234 = 2468, naïve café — aaaaaaaa aaaa  \n";

    public static readonly BpeTokenizer Instance = BpeTrainer.Train(
        [new Document(Text + Text, "test")],
        new BpeTrainerOptions { VocabularySize = 330 }
    );
}

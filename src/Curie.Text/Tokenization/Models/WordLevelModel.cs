using Curie.Numerics;

namespace Curie.Text.Tokenization.Models;

/// <summary>A vocabulary of whole words.</summary>
internal sealed class WordLevelModel(Dictionary<string, int> vocabulary, string? unknown, string owner) : WordModel, IWordEncoder
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly int? _unknown = unknown is not null && vocabulary.TryGetValue(unknown, out int id) ? id : null;

    public override Dictionary<string, int> Vocabulary => vocabulary;

    public override string Description =>
        _unknown is null
            ? $"WordLevel, {vocabulary.Count} words, others refused"
            : $"WordLevel, {vocabulary.Count} words, others {PrintableText.Quote(unknown!)}";

    public override IWordEncoder CreateEncoder() => this;

    public void Encode(ReadOnlySpan<char> word, List<int> ids) =>
        ids.Add(
            _ids.TryGetValue(word, out int id)
                ? id
                : _unknown
                    ?? throw new InputException(
                        $"{owner} has no token for the word {PrintableText.Quote(word.ToString())} and none for unknown words; give it an "
                            + "\"unk_token\", or a text of its words."
                    )
        );
}

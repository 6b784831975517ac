using System.Text;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Models;

/// <summary>A vocabulary of characters; a character is a code point.</summary>
internal sealed class CharacterModel : WordModel, IWordEncoder
{
    private readonly Dictionary<Rune, int> _ids;
    private readonly string _owner;

    public CharacterModel(Dictionary<string, int> vocabulary, string owner)
    {
        Vocabulary = vocabulary;
        _owner = owner;
        _ids = vocabulary.ToDictionary(entry => Rune.GetRuneAt(entry.Key, 0), entry => entry.Value);
    }

    public override Dictionary<string, int> Vocabulary { get; }

    public override string Description => $"{Vocabulary.Count} characters, others refused";

    public override IWordEncoder CreateEncoder() => this;

    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        foreach (Rune rune in word.EnumerateRunes())
        {
            ids.Add(
                _ids.TryGetValue(rune, out int id)
                    ? id
                    : throw new InputException(
                        $"{_owner} has no token for the character {PrintableText.Quote(rune.ToString())}; give a text of its characters."
                    )
            );
        }
    }
}

using Curie.Numerics;

namespace Curie.Text.Tokenization;

/// <summary>How a byte-pair vocabulary is learned.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>The name of the end-of-document token, the last id but one of a trained vocabulary.</summary>
    public const string Eos = "<|eos|>";

    /// <summary>The name of the beginning-of-row token, the last id of a trained vocabulary.</summary>
    public const string Bos = "<|bos|>";

    /// <summary>The size of the vocabulary: 256 bytes, the merges, and the two special tokens. Default 5000.</summary>
    public int VocabularySize { get; init; } = 5000;

    /// <summary>A pair seen fewer times than this is not merged; training then ends early with a smaller vocabulary. Default 2.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InputException">The vocabulary has no room for bytes and special tokens, or the frequency is below 1.</exception>
    public void Validate()
    {
        const int Least = ByteAlphabet.Size + 2;
        if (VocabularySize < Least)
        {
            throw new InputException(
                $"a vocabulary of {Counted.Of(VocabularySize, "token")} is too small; the 256 bytes and two special tokens need at "
                    + $"least {Least}."
            );
        }

        if (MinimumFrequency < 1)
        {
            throw new InputException($"a minimum frequency of {MinimumFrequency} makes no sense; give 1 or more.");
        }
    }
}

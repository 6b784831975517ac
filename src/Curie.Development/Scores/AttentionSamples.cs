using Curie.Numerics;
using Curie.Numerics.Random;

namespace Curie.Development.Scores;

/// <summary>
/// The synthetic sequences of the head scores (Hoogland et al., arXiv 2402.02364, as published in its code): BOS, then uniformly random
/// ordinary tokens.
/// </summary>
public sealed class AttentionSamples
{
    private const int LongestPrefixSample = 128;
    private const int ShortestPreviousSample = 16;
    private const int LongestPreviousSample = 64;
    private readonly int _contextLength;
    private readonly int _bos;
    private readonly int[] _ordinary;

    /// <summary>Sequences for a model.</summary>
    /// <param name="contextLength">n_ctx; sequences are shortened to fit it.</param>
    /// <param name="vocabulary">d_vocab.</param>
    /// <param name="bos">The token that begins every row.</param>
    /// <param name="special">Ids that are not ordinary tokens, BOS among them.</param>
    /// <exception cref="InputException">The context is shorter than 8 tokens or fewer than three ordinary tokens are left.</exception>
    public AttentionSamples(int contextLength, int vocabulary, int bos, IReadOnlyCollection<int> special)
    {
        ArgumentNullException.ThrowIfNull(special);
        _ordinary = [.. Enumerable.Range(0, vocabulary).Where(id => id != bos && !special.Contains(id))];
        if (contextLength < 8 || _ordinary.Length < 3)
        {
            throw new InputException(
                "head scores need a context of at least 8 tokens and at least three ordinary tokens; use a larger model."
            );
        }

        _contextLength = contextLength;
        _bos = bos;
    }

    /// <summary>
    /// Previous-token score: length uniform on 16 … 64, attention from the last position to the one before it. Uniform attention over the
    /// positions up to the query scores the mean of 1/length.
    /// </summary>
    public AttentionSample PreviousToken(PhiloxStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int longest = Math.Min(LongestPreviousSample, _contextLength - 1);
        int shortest = Math.Min(ShortestPreviousSample, longest);
        int length = shortest + random.NextInt32(longest - shortest + 1);
        return new AttentionSample(RandomRow(random, length), length - 1, length - 2);
    }

    /// <summary>Current-token score: the sequences of <see cref="PreviousToken"/>, attention from the last position to itself.</summary>
    public AttentionSample CurrentToken(PhiloxStream random)
    {
        AttentionSample sample = PreviousToken(random);
        return sample with { Key = sample.Query };
    }

    /// <summary>
    /// Prefix-matching score: one token s stands at f in the first half and at g in the second, nowhere else; attention from g to f + 1,
    /// the
    /// token that followed s. With length 128, f is uniform on 1 … 63 and g on 65 … 127.
    /// </summary>
    public AttentionSample PrefixMatching(PhiloxStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int length = Math.Min(LongestPrefixSample, _contextLength - 1);
        int half = length / 2;
        int first = 1 + random.NextInt32(half - 1);
        int second = half + 1 + random.NextInt32(length - half - 1);
        int[] tokens = RandomRow(random, length);
        int repeated = Ordinary(random);
        for (int i = 1; i < tokens.Length; i++)
        {
            while (tokens[i] == repeated)
            {
                tokens[i] = Ordinary(random);
            }
        }

        tokens[first] = repeated;
        tokens[second] = repeated;
        return new AttentionSample(tokens, second, first + 1);
    }

    private int[] RandomRow(PhiloxStream random, int length)
    {
        int[] tokens = new int[length + 1];
        tokens[0] = _bos;
        for (int i = 1; i < tokens.Length; i++)
        {
            tokens[i] = Ordinary(random);
        }

        return tokens;
    }

    private int Ordinary(PhiloxStream random) => _ordinary[random.NextInt32(_ordinary.Length)];
}

using Curie.Numerics.Random;

namespace Curie.Response.Accumulation;

/// <summary>
/// The tokens whose batch means are kept one by one, so that a run can be resampled afterwards: all of them where there are few, otherwise
/// one at random from each of <see cref="Limit"/> equal stretches. Their number bounds the memory and the file whatever the probes' size.
/// </summary>
public static class TokenSample
{
    /// <summary>
    /// The most tokens that are kept. A share of variance over so many tokens differs from that over all by about a hundredth of itself.
    /// </summary>
    public const int Limit = 16_384;

    /// <summary>Chooses tokens, rising.</summary>
    /// <param name="tokens">The number of tokens of all probes.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="limit">The most tokens to choose.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static int[] Choose(int tokens, long seed, int limit = Limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (tokens <= limit)
        {
            return [.. Enumerable.Range(0, tokens)];
        }

        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Bootstrap, "tokens"));
        int[] chosen = new int[limit];
        for (int stretch = 0; stretch < limit; stretch++)
        {
            int first = (int)((long)stretch * tokens / limit);
            int end = (int)((long)(stretch + 1) * tokens / limit);
            chosen[stretch] = first + random.NextInt32(end - first);
        }

        return chosen;
    }
}

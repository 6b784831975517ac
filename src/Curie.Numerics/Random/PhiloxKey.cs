namespace Curie.Numerics.Random;

/// <summary>
/// The 64-bit key of a Philox4x32-10 stream (Salmon et al. 2011). Every (seed, purpose, component, chain) has its own; within a stream
/// numbers are addressed by (step, index), so a chain draws the same numbers alone, beside others, or resumed.
/// </summary>
/// <param name="Low">The first key word.</param>
/// <param name="High">The second key word.</param>
public readonly record struct PhiloxKey(uint Low, uint High)
{
    /// <summary>The key of one stream: a 64-bit hash of all four parts, so seed + 1 and chain + 1 do not meet.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="component">The component's name, or "" where all components share the stream.</param>
    /// <param name="chain">The chain, from 0.</param>
    public static PhiloxKey Derive(long seed, RandomPurpose purpose, string component = "", int chain = 0)
    {
        ArgumentNullException.ThrowIfNull(component);
        ulong state = Mix(unchecked((ulong)seed) + 0x9E3779B97F4A7C15UL);
        state = Mix(state ^ (((ulong)purpose << 32) | (uint)chain));
        foreach (char c in component)
        {
            state = Mix(state ^ c);
        }

        return new PhiloxKey((uint)state, (uint)(state >> 32));
    }

    /// <summary>
    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection of 64-bit words in which every bit depends on every bit.
    /// </summary>
    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x += 0x9E3779B97F4A7C15UL;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return x ^ (x >> 31);
        }
    }
}

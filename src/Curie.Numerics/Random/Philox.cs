using System.Runtime.CompilerServices;

namespace Curie.Numerics.Random;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): a keyed
/// bijection of 128-bit counters. A number is addressed, not drawn, so it does not depend on what was drawn before it.
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>
    /// Block <paramref name="index"/> of step <paramref name="step"/>: the counter's words are (index low, index high, step low, step
    /// high).
    /// </summary>
    public static PhiloxBlock Block(PhiloxKey key, ulong step, ulong index) =>
        Block(key, (uint)index, (uint)(index >> 32), (uint)step, (uint)(step >> 32));

    /// <summary>The block of a counter given by its four words, lowest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Block(PhiloxKey key, uint c0, uint c1, uint c2, uint c3)
    {
        uint k0 = key.Low;
        uint k1 = key.High;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            unchecked
            {
                k0 += Weyl0;
                k1 += Weyl1;
            }
        }

        return new PhiloxBlock(c0, c1, c2, c3);
    }
}

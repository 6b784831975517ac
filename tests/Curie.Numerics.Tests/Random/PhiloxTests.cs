using Curie.Numerics.Random;

namespace Curie.Numerics.Tests.Random;

public sealed class PhiloxTests
{
    /// <summary>The known answers of the Random123 distribution (kat_vectors, philox4x32-10).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(
        0x243f6a88u,
        0x85a308d3u,
        0x13198a2eu,
        0x03707344u,
        0xa4093822u,
        0x299f31d0u,
        0xd16cfe09u,
        0x94fdccebu,
        0x5001e420u,
        0x24126ea1u
    )]
    public void Known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        Assert.Equal(new PhiloxBlock(w0, w1, w2, w3), Philox.Block(new PhiloxKey(k0, k1), c0, c1, c2, c3));
        Assert.Equal(new PhiloxBlock(w0, w1, w2, w3), Philox.Block(new PhiloxKey(k0, k1), c2 | ((ulong)c3 << 32), c0 | ((ulong)c1 << 32)));
    }

    [Fact]
    public void Keys_of_neighbouring_seeds_purposes_components_and_chains_are_all_different()
    {
        var keys = new HashSet<PhiloxKey>();
        foreach (long seed in new long[] { 0, 1, 2, -1, long.MaxValue })
        {
            foreach (RandomPurpose purpose in Enum.GetValues<RandomPurpose>())
            {
                foreach (string component in new[] { "", "full", "l0h1", "l1h0", "l0" })
                {
                    for (int chain = 0; chain < 8; chain++)
                    {
                        Assert.True(keys.Add(PhiloxKey.Derive(seed, purpose, component, chain)));
                    }
                }
            }
        }
    }
}

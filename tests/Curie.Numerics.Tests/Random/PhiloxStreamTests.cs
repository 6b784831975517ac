using Curie.Numerics.Random;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Numerics.Tests.Random;

public sealed class PhiloxStreamTests
{
    private static readonly PhiloxKey Key = PhiloxKey.Derive(1, RandomPurpose.Bootstrap);

    [Fact]
    public void Words_are_those_of_consecutive_blocks_and_a_reopened_stream_repeats_them()
    {
        var first = new PhiloxStream(Key, 7);
        var second = new PhiloxStream(Key, 7);
        for (ulong index = 0; index < 5; index++)
        {
            PhiloxBlock block = Philox.Block(Key, 7, index);
            foreach (uint word in new[] { block.W0, block.W1, block.W2, block.W3 })
            {
                Assert.Equal(word, first.NextUInt32());
                Assert.Equal(word, second.NextUInt32());
            }
        }
    }

    [Fact]
    public void Bounded_integers_are_uniform()
    {
        // Chi-squared with 6 degrees of freedom: P(X > 27.9) = 1e-4; the seed is fixed.
        const int Draws = 70_000;
        var counts = new int[7];
        var stream = new PhiloxStream(Key);
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt32(7)]++;
        }

        double chiSquared = counts.Sum(count => Math.Pow(count - (Draws / 7.0), 2) / (Draws / 7.0));
        Assert.True(chiSquared < 27.9, $"chi-squared {chiSquared}");
    }

    [Fact]
    public void A_bound_that_does_not_divide_the_range_of_a_word_is_not_biased()
    {
        // Without rejection the result floor(3·word/8) would be 0, 0, 0, 1, 1, 1, 2, 2 for eight consecutive words, so that 3/8 of all
        // results, not 1/3, would be divisible by 3. The allowance is 4 standard errors.
        const int Draws = 60_000;
        var stream = new PhiloxStream(Key);
        int divisible = 0;
        for (int i = 0; i < Draws; i++)
        {
            divisible += stream.NextInt32(3 << 29) % 3 == 0 ? 1 : 0;
        }

        double standardError = Math.Sqrt(2.0 / 9 / Draws);
        Assert.InRange((double)divisible / Draws, (1.0 / 3) - (4 * standardError), (1.0 / 3) + (4 * standardError));
    }

    [Fact]
    public void Every_permutation_of_four_items_is_equally_likely()
    {
        // Chi-squared with 23 degrees of freedom: P(X > 56) < 1.5e-4; the seed is fixed.
        const int Draws = 24_000;
        var counts = new Dictionary<string, int>();
        var stream = new PhiloxStream(Key, 3);
        for (int i = 0; i < Draws; i++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            stream.Shuffle(items.AsSpan());
            string order = new(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        double chiSquared = counts.Values.Sum(count => Math.Pow(count - 1000.0, 2) / 1000.0);
        Assert.True(chiSquared < 56, $"chi-squared {chiSquared}");
    }

    [Fact]
    public void A_shuffle_keeps_the_items() =>
        Prop.ForAll<int[], ulong>(
                (items, step) =>
                {
                    int[] shuffled = [.. items];
                    new PhiloxStream(Key, step).Shuffle(shuffled.AsSpan());
                    return shuffled.Order().SequenceEqual(items.Order());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Doubles_are_in_the_unit_interval_with_the_moments_of_a_uniform_number()
    {
        const int Draws = 100_000;
        var stream = new PhiloxStream(Key);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            double u = stream.NextDouble();
            Assert.InRange(u, 0, Math.BitDecrement(1.0));
            sum += u;
            squares += u * u;
        }

        // Four standard errors: Var u = 1/12, Var u² = 1/5 − 1/9 = 4/45.
        Assert.Equal(0.5, sum / Draws, 4 * Math.Sqrt(1.0 / 12 / Draws));
        Assert.Equal(1.0 / 3, squares / Draws, 4 * Math.Sqrt(4.0 / 45 / Draws));
    }

    [Fact]
    public void Gaussians_have_the_moments_of_the_standard_normal()
    {
        const int Draws = 100_000;
        var stream = new PhiloxStream(Key);
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        double neighbours = 0;
        double previous = 0;
        for (int i = 0; i < Draws; i++)
        {
            double z = stream.NextGaussian();
            sum += z;
            squares += z * z;
            fourths += z * z * z * z;
            neighbours += z * previous;
            previous = z;
        }

        // Four standard errors: Var z = 1, Var z² = 2, Var z⁴ = 105 − 9 = 96, Var z·z′ = 1.
        Assert.Equal(0, sum / Draws, 4 * Math.Sqrt(1.0 / Draws));
        Assert.Equal(1, squares / Draws, 4 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(3, fourths / Draws, 4 * Math.Sqrt(96.0 / Draws));
        Assert.Equal(0, neighbours / Draws, 4 * Math.Sqrt(1.0 / Draws));
    }

    [Fact]
    public void A_bound_that_is_not_positive_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PhiloxStream(Key).NextInt32(0));
}

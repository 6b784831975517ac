using Curie.Numerics.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Rotations of pairs. Each number is a difference of two float32 products: 2u·(|a| + |b|) with cosines and sines as they are; these are
/// rounded themselves, another u·(|a| + |b|) against exact angles.
/// </summary>
public sealed class RotaryTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;

    [Theory]
    [InlineData(1, 1, 2, false)]
    [InlineData(1, 1, 2, true)]
    [InlineData(5, 3, 9, false)]
    [InlineData(5, 3, 9, true)]
    [InlineData(4, 8, 16, false)]
    [InlineData(7, 17, 40, false)]
    [InlineData(7, 17, 40, true)]
    public void Pairs_are_turned_by_the_angle_of_their_position_and_the_rest_stays(int rows, int pairs, int e, bool adjacent)
    {
        using Operand x = Operand.Uniform(rows, e, 3);
        using Operand before = x.Copy();
        using Angles angles = new(rows, pairs);
        Rotary.Rotate(x.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: false);
        x.AssertGapsUntouched();
        for (int i = 0; i < rows; i++)
        {
            for (int p = 0; p < pairs; p++)
            {
                (int first, int second) = adjacent ? (2 * p, (2 * p) + 1) : (p, pairs + p);
                (double a, double b) = (before.View.Row(i)[first], before.View.Row(i)[second]);
                (double sine, double cosine) = Math.SinCos(angles.At(i, p));
                double bound = 3 * U * (Math.Abs(a) + Math.Abs(b));
                Assert.Equal((a * cosine) - (b * sine), x.View.Row(i)[first], bound);
                Assert.Equal((b * cosine) + (a * sine), x.View.Row(i)[second], bound);
            }

            Assert.Equal(before.View.Row(i)[(2 * pairs)..].ToArray(), x.View.Row(i)[(2 * pairs)..].ToArray());
        }
    }

    /// <summary>Two turns of each number, and cos² + sin² is 1 within 3u where both are rounded.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Turned_back_everything_is_where_it_was(bool adjacent)
    {
        using Operand x = Operand.Uniform(9, 26, 4);
        using Operand before = x.Copy();
        using Angles angles = new(9, 11);
        Rotary.Rotate(x.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: false);
        Rotary.Rotate(x.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: true);
        x.AssertClose(before, (_, _) => 9 * U * 2);
    }

    /// <summary>
    /// ⟨R·x, y⟩ = ⟨x, Rᵀ·y⟩, which is what makes turning back the gradient: sums of 9 · 26 products of float32 roundings.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Turning_back_is_the_transpose(bool adjacent)
    {
        using Operand x = Operand.Uniform(9, 26, 5);
        using Operand y = Operand.Uniform(9, 26, 6);
        using Operand turned = x.Copy();
        using Operand back = y.Copy();
        using Angles angles = new(9, 13);
        Rotary.Rotate(turned.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: false);
        Rotary.Rotate(back.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: true);
        Assert.Equal(Product(turned, y), Product(x, back), 9 * 26 * 4 * U);

        static double Product(Operand a, Operand b) => a.Values().Zip(b.Values()).Sum(pair => (double)pair.First * pair.Second);
    }

    /// <summary>The product of a turned query and a turned key depends on their distance alone (Su et al. 2021).</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_depend_on_the_distance_alone(bool adjacent)
    {
        using Operand query = Operand.Uniform(1, 16, 7);
        using Operand key = Operand.Uniform(1, 16, 8);
        using Angles angles = new(40, 8);
        double expected = Score(5, 2);
        foreach (int start in new[] { 0, 9, 30 })
        {
            // 16 products of numbers below 2, each made of two roundings more and of angles that are rounded.
            Assert.Equal(expected, Score(start + 3, start), 16 * 2 * 8 * U);
        }

        Assert.NotEqual(expected, Score(9, 2), 0.01);

        double Score(int queryPosition, int keyPosition)
        {
            using Operand q = query.Copy();
            using Operand k = key.Copy();
            Rotary.Rotate(q.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: false, [queryPosition]);
            Rotary.Rotate(k.View, angles.Cosines.View, angles.Sines.View, adjacent, inverse: false, [keyPosition]);
            return q.Values().Zip(k.Values()).Sum(pair => (double)pair.First * pair.Second);
        }
    }

    [Fact]
    public void Rows_at_chosen_positions_are_turned_as_among_all()
    {
        using Operand all = Operand.Uniform(12, 10, 9);
        using Angles angles = new(12, 5);
        int[] positions = [1, 4, 11];
        using var some = new Operand(3, 10);
        for (int i = 0; i < 3; i++)
        {
            all.View.Row(positions[i]).CopyTo(some.View.Row(i));
        }

        Rotary.Rotate(all.View, angles.Cosines.View, angles.Sines.View, adjacent: false, inverse: false);
        Rotary.Rotate(some.View, angles.Cosines.View, angles.Sines.View, adjacent: false, inverse: false, positions);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(all.View.Row(positions[i]).ToArray(), some.View.Row(i).ToArray());
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var x = new Operand(4, 6);
        using Angles angles = new(3, 3);
        using Angles wide = new(4, 4);
        Assert.Throws<ArgumentException>(() =>
            Rotary.Rotate(x.View, angles.Cosines.View, angles.Sines.View, adjacent: true, inverse: false)
        );
        Assert.Throws<ArgumentException>(() => Rotary.Rotate(x.View, wide.Cosines.View, wide.Sines.View, adjacent: true, inverse: false));
        Assert.Throws<ArgumentException>(() =>
            Rotary.Rotate(x.View, angles.Cosines.View, wide.Sines.View, adjacent: false, inverse: false, [0, 1, 2, 0])
        );
        Assert.Throws<ArgumentException>(() =>
            Rotary.Rotate(x.View, angles.Cosines.View, angles.Sines.View, adjacent: false, inverse: false, [0, 1])
        );
    }

    /// <summary>Cosines and sines of t·ω_p with ω_p = 10000^(−p/pairs).</summary>
    private sealed class Angles : IDisposable
    {
        private readonly int _pairs;

        public Angles(int positions, int pairs)
        {
            _pairs = pairs;
            Cosines = new Operand(positions, pairs);
            Sines = new Operand(positions, pairs);
            for (int t = 0; t < positions; t++)
            {
                for (int p = 0; p < pairs; p++)
                {
                    (double sine, double cosine) = Math.SinCos(At(t, p));
                    (Sines.View.Row(t)[p], Cosines.View.Row(t)[p]) = ((float)sine, (float)cosine);
                }
            }
        }

        public Operand Cosines { get; }

        public Operand Sines { get; }

        public double At(int position, int pair) => position * Math.Pow(10000, -(double)pair / _pairs);

        public void Dispose()
        {
            Cosines.Dispose();
            Sines.Dispose();
        }
    }
}

using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>The updates of preconditioned and of momentum samplers, and the sums that all of them return.</summary>
public sealed class SamplerUpdateTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;
    private static readonly SgldOptions Options = new(1e-2, 30, 100, 1, 7);
    private static readonly RmsPropOptions RmsProp = new(0.9, 0.1, 2.5);
    private static readonly MomentumRefreshOptions Refresh = new(0.9, 0.4, 0.05);
    private static readonly PhiloxKey Key = PhiloxKey.Derive(1, RandomPurpose.LangevinNoise, "l0h0");

    private delegate UpdateSums Step(KernelSet kernels, Operand rows, int first, int end);

    public static TheoryData<string, int> Updates
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string name in new[] { "sgld", "rmsprop", "kick", "refresh" })
            {
                foreach (int length in new[] { 1, 17, 257, 1030 })
                {
                    data.Add(name, length);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void Every_width_is_the_reference_within_the_rounding_bound(string name, int length)
    {
        Step step = Named(name);
        using Operand expected = Rows(length);
        UpdateSums exact = step(KernelsUnderTest.Reference, expected, 0, length);
        foreach (SimdWidth width in KernelsUnderTest.Widths)
        {
            using Operand actual = Rows(length);
            UpdateSums sums = step(KernelsUnderTest.For(width), actual, 0, length);

            // No term exceeds the scale of its row: |(ε/2)F| and |√ε F|
            // < 30 here, G ≤ 10 and the noise's radius 6.8. A dozen roundings each,
            // and the noise's own relative error of 4e-7.
            actual.AssertClose(expected, (row, _) => (row is 0 or 3 ? 12 * U * 300 : 0) + (row is 0 or 3 ? 6.8 * 4e-7 : 0), name);

            // Sums of 256 terms in float32: (256/width + log₂ width + 4) roundings of the sum of magnitudes, and twice the elements' error.
            double terms = Enumerable.Range(0, length).Sum(i => Math.Abs((double)Gradient(expected)[i]) * 60);
            Assert.Equal(exact.Square, sums.Square, 300 * U * (exact.Square + 1));
            Assert.Equal(exact.Pull, sums.Pull, 300 * U * (terms + 1));
            Assert.Equal(exact.Offset, sums.Offset, 300 * U * (exact.Offset + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void Splitting_the_weights_gives_the_same_weights(string name, int length)
    {
        Step step = Named(name);
        foreach (SimdWidth width in KernelsUnderTest.Widths)
        {
            using Operand whole = Rows(length);
            using Operand parts = Rows(length);
            step(KernelsUnderTest.For(width), whole, 0, length);
            int cut = length / 3 / 4 * 4;
            step(KernelsUnderTest.For(width), parts, cut, length);
            step(KernelsUnderTest.For(width), parts, 0, cut);
            parts.AssertClose(whole, (_, _) => 0, name);
        }
    }

    [Theory]
    [EveryWidth]
    public void Without_preconditioning_RMSProp_is_SGLD_to_the_bit(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);
        using Operand plain = Rows(517);
        using Operand preconditioned = Rows(517);
        preconditioned.View.Row(3).Clear();
        UpdateSums expected = kernels.SgldUpdate(plain.View.Row(0), plain.View.Row(1), plain.View.Row(2), Options, Key, 12, 0);
        UpdateSums actual = kernels.RmsPropSgldUpdate(
            preconditioned.View.Row(0),
            preconditioned.View.Row(1),
            preconditioned.View.Row(2),
            preconditioned.View.Row(3),
            Options,
            new RmsPropOptions(1, 1, 1),
            Key,
            12,
            0
        );
        Assert.True(plain.View.Row(0).SequenceEqual(preconditioned.View.Row(0)));
        Assert.Equal(expected, actual);
        Assert.All(preconditioned.View.Row(3).ToArray(), v => Assert.Equal(0, v));
    }

    [Theory]
    [EveryWidth]
    public void The_first_RMSProp_step_from_zero_has_the_published_size(SimdWidth width)
    {
        // a 0.99, b 0.1, g 3, v from 0: v = 0.09, G = 1/(0.3 + 0.1) = 2.5; with ε 1, nβ 2 the drift is ½·2.5·2·3 = 7.5.
        float[] w = [0];
        float[] v = [0];
        UpdateSums sums = KernelsUnderTest
            .For(width)
            .RmsPropSgldUpdate(
                w,
                new float[] { 3 },
                new float[1],
                v,
                new SgldOptions(1, 2, 0, 0),
                new RmsPropOptions(0.99, 0.1, 1),
                Key,
                0,
                0
            );
        Assert.Equal(0.09, v[0], 4 * U);
        Assert.Equal(-7.5, w[0], 7.5 * 8 * U);
        Assert.Equal(22.5, sums.Square, 22.5 * 16 * U);
    }

    [Theory]
    [EveryWidth]
    public void Each_term_of_the_drift_has_its_own_size(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);

        // w* = 0, w = (3, 4), g = (3, 4); all terms are exact in binary.
        Assert.Equal((25, 25), Move(new SgldOptions(1, 2, 0, 0), gradient: true));
        Assert.Equal((25, 0), Move(new SgldOptions(2, 0, 1, 0), gradient: false));
        Assert.Equal((25, 0), Move(new SgldOptions(2, 0, 0, 0, 1), gradient: false));

        // |G + P|² = |G|² + |P|² + 2G·P: gradient term 10 long, localisation and decay together 10, their product 100.
        (double all, double pull) = Move(new SgldOptions(2, 2, 1, 0, 1), gradient: true);
        Assert.Equal(100, (all - 100 - 100) / 2);
        Assert.Equal(25, pull);

        (double Square, double Pull) Move(SgldOptions options, bool gradient)
        {
            float[] w = [3, 4];
            UpdateSums sums = kernels.SgldUpdate(w, gradient ? [3, 4] : new float[2], new float[2], options, Key, 0, 0);
            Assert.Equal(25, sums.Offset);
            Assert.Equal(sums.Square, Math.Pow(3 - w[0], 2) + Math.Pow(4 - w[1], 2));
            return (sums.Square, sums.Pull);
        }
    }

    [Theory]
    [EveryWidth]
    public void Nothing_is_allocated_and_lengths_and_indices_are_checked(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);
        using Operand rows = Rows(300);
        foreach (string name in new[] { "sgld", "rmsprop", "kick", "refresh" })
        {
            Step step = Named(name);
            Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => step(kernels, rows, 0, 300)));
        }

        float[] four = new float[4];
        Assert.Throws<ArgumentException>(() =>
            kernels.RmsPropSgldUpdate(new float[4], four, four, new float[3], Options, RmsProp, Key, 0, 0)
        );
        Assert.Throws<ArgumentException>(() =>
            kernels.RmsPropSgldUpdate(new float[4], four, four, new float[4], Options, RmsProp, Key, 0, 2)
        );
        Assert.Throws<ArgumentException>(() => kernels.MomentumKick(new float[4], new float[3], four, four, Options));
        Assert.Throws<ArgumentException>(() => kernels.MomentumRefresh(new float[4], new float[4], Refresh, Key, 0, 1));
    }

    private static Step Named(string name) =>
        name switch
        {
            "sgld" => (kernels, rows, first, end) =>
                kernels.SgldUpdate(
                    rows.View.Row(0)[first..end],
                    rows.View.Row(1)[first..end],
                    rows.View.Row(2)[first..end],
                    Options,
                    Key,
                    12,
                    first
                ),
            "rmsprop" => (kernels, rows, first, end) =>
                kernels.RmsPropSgldUpdate(
                    rows.View.Row(0)[first..end],
                    rows.View.Row(1)[first..end],
                    rows.View.Row(2)[first..end],
                    rows.View.Row(3)[first..end],
                    Options,
                    RmsProp,
                    Key,
                    12,
                    first
                ),
            "kick" => (kernels, rows, first, end) =>
                kernels.MomentumKick(
                    rows.View.Row(0)[first..end],
                    rows.View.Row(3)[first..end],
                    rows.View.Row(1)[first..end],
                    rows.View.Row(2)[first..end],
                    Options
                ),
            _ => (kernels, rows, first, end) =>
                new UpdateSums(
                    kernels.MomentumRefresh(rows.View.Row(0)[first..end], rows.View.Row(3)[first..end], Refresh, Key, 12, first),
                    0,
                    0
                ),
        };

    /// <summary>Rows w, g, w* and a state that is nowhere negative.</summary>
    private static Operand Rows(int length)
    {
        Operand rows = Operand.Gaussian(4, length, 3);
        foreach (ref float x in rows.View.Row(3))
        {
            x = Math.Abs(x);
        }

        return rows;
    }

    private static Span<float> Gradient(Operand rows) => rows.View.Row(1);
}

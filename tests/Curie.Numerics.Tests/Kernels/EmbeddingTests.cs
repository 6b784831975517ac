using Curie.Numerics.Simd;

namespace Curie.Numerics.Tests.Kernels;

public sealed class EmbeddingTests
{
    private static readonly int[] Tokens = [3, 0, 6, 3, 3];

    [Theory]
    [EveryWidth(1)]
    [EveryWidth(19)]
    [EveryWidth(64)]
    public void Rows_are_copied_and_their_gradients_added_in_order(SimdWidth width, int d)
    {
        var kernels = KernelsUnderTest.For(width);
        using Operand table = Operand.Gaussian(7, d, 1);
        using var y = new Operand(5, d, 1);
        kernels.Gather(table.View, Tokens, y.View);
        using var expected = new Operand(5, d, 1);
        KernelsUnderTest.Reference.Gather(table.View, Tokens, expected.View);
        y.AssertClose(expected, (_, _) => 0);

        using Operand dy = Operand.Gaussian(5, d, 2);
        using Operand actualGradient = table.Copy();
        using Operand expectedGradient = table.Copy();
        kernels.ScatterAdd(dy.View, Tokens, actualGradient.View);
        KernelsUnderTest.Reference.ScatterAdd(dy.View, Tokens, expectedGradient.View);
        actualGradient.AssertClose(expectedGradient, (_, _) => 0);
        Assert.Equal(((table.View.Row(3)[0] + dy.View.Row(0)[0]) + dy.View.Row(3)[0]) + dy.View.Row(4)[0], actualGradient.View.Row(3)[0]);
        Assert.Equal(table.View.Row(1)[0], actualGradient.View.Row(1)[0]);
    }

    [Theory]
    [EveryWidth(7)]
    [EveryWidth(-1)]
    public void A_token_outside_the_table_is_refused(SimdWidth width, int token)
    {
        var kernels = KernelsUnderTest.For(width);
        using var table = new Operand(7, 4);
        using var y = new Operand(1, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => kernels.Gather(table.View, [token], y.View));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernels.ScatterAdd(y.View, [token], table.View));
    }
}

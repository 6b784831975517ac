using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;
using FsCheck;
using FsCheck.Fluent;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Tolerance: a float32 dot product of length k with |a|, |b| ≤ 1 and any order of fused multiply-adds errs by at most k·u·Σ|a·b| ≤ k²·u,
/// u = 2⁻²⁴ (Higham, Accuracy and Stability of Numerical Algorithms, §3.1). Rounding errors are random in sign, so the tests ask for
/// √k in place of the first k, with a factor 4: 4·√k·u·Σ|a·b|, Σ|a·b| ≤ k, and 2u for each addition to and rounding of C.
/// </summary>
public sealed unsafe class MatrixProductTests
{
    [Theory]
    [EveryWidth]
    public void Every_small_shape_agrees_with_the_reference(SimdWidth width)
    {
        foreach (int n in new[] { 1, 2, 3, 4, 5, 6, 7, 11, 13 })
        {
            foreach (int m in new[] { 1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 96, 97, 129 })
            {
                foreach (int k in new[] { 0, 1, 2, 7, 33 })
                {
                    CheckProduct(width, n, m, k, accumulate: (n + m + k) % 2 == 0);
                    CheckTransposedProduct(width, n, m, k, accumulate: (n + m + k) % 2 == 1);
                }
            }
        }
    }

    [Theory]
    [EveryWidth]
    public void Shapes_of_several_blocks_agree_with_the_reference(SimdWidth width)
    {
        CheckProduct(width, 200, 70, 520, accumulate: true);
        CheckProduct(width, 389, 33, 257, accumulate: false);
        CheckTransposedProduct(width, 70, 130, 520, accumulate: false);
        CheckTransposedProduct(width, 13, 70, 513, accumulate: true);
    }

    [Fact]
    public void Random_shapes_agree_with_the_reference()
    {
        Gen<(SimdWidth Width, int N, int M, int K, bool Accumulate)> shapes =
            from width in Gen.Elements(KernelSet.SupportedWidths.ToArray())
            from n in Gen.Choose(1, 80)
            from m in Gen.Choose(1, 150)
            from k in Gen.Choose(0, 300)
            from accumulate in Gen.Elements(true, false)
            select (width, n, m, k, accumulate);
        Prop.ForAll(Arb.From(shapes), shape =>
            {
                CheckProduct(shape.Width, shape.N, shape.M, shape.K, shape.Accumulate);
                CheckTransposedProduct(shape.Width, shape.N, shape.M, shape.K, shape.Accumulate);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [EveryWidth]
    public void Splitting_the_rows_anywhere_gives_the_same_bits(SimdWidth width)
    {
        KernelSet kernels = KernelSet.For(width);
        using Operand a = Operand.Uniform(211, 300, 1);
        using Operand b = Operand.Uniform(300, 150, 2);
        using PackedMatrix packed = Pack(kernels, b.View);
        using Operand whole = Operand.Uniform(211, 150, 3);
        kernels.Multiply(a.View, packed, whole.View, accumulate: true);
        foreach (int split in new[] { 1, 2, 3, 5, 6, 97, 192, 193, 210 })
        {
            using Operand parts = Operand.Uniform(211, 150, 3);
            kernels.Multiply(a.View.RowRange(split, 211 - split), packed, parts.View.RowRange(split, 211 - split), accumulate: true);
            kernels.Multiply(a.View.RowRange(0, split), packed, parts.View.RowRange(0, split), accumulate: true);
            Assert.Equal(whole.Values(), parts.Values());
        }
    }

    [Theory]
    [EveryWidth]
    public void Splitting_the_columns_of_either_side_of_a_transposed_product_gives_the_same_bits(SimdWidth width)
    {
        KernelSet kernels = KernelSet.For(width);
        using Scratch scratch = new();
        using Operand a = Operand.Uniform(300, 40, 1);
        using Operand b = Operand.Uniform(300, 150, 2);
        using Operand whole = Operand.Uniform(40, 150, 3);
        kernels.MultiplyTransposed(a.View, b.View, whole.View, accumulate: true, scratch);
        foreach ((int row, int column) in new[] { (1, 1), (5, 31), (6, 64), (39, 149) })
        {
            using Operand parts = Operand.Uniform(40, 150, 3);
            foreach ((int top, int rows) in new[] { (0, row), (row, 40 - row) })
            {
                foreach ((int left, int columns) in new[] { (0, column), (column, 150 - column) })
                {
                    MatrixView part = parts.View.RowRange(top, rows).ColumnRange(left, columns);
                    kernels.MultiplyTransposed(
                        a.View.ColumnRange(top, rows),
                        b.View.ColumnRange(left, columns),
                        part,
                        accumulate: true,
                        scratch
                    );
                }
            }

            Assert.Equal(whole.Values(), parts.Values());
        }
    }

    [Theory]
    [EveryWidth]
    public void Packing_in_blocks_and_packing_the_transpose_give_the_same_product_as_packing_at_once(SimdWidth width)
    {
        KernelSet kernels = KernelSet.For(width);
        using Operand a = Operand.Uniform(7, 50, 1);
        using Operand b = Operand.Uniform(50, 140, 2);
        using Operand transposed = Operand.Uniform(140, 50, 2);
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 140; j++)
            {
                transposed.View.Row(j)[i] = b.View.Row(i)[j];
            }
        }

        float[] expected = Product(kernels, a.View, Pack(kernels, b.View));
        PackedMatrix blocks = kernels.CreatePacked(50, 140);
        PackedMatrix transposedBlocks = kernels.CreatePacked(50, 140);
        foreach ((int top, int rows) in new[] { (0, 20), (20, 30) })
        {
            foreach ((int left, int columns) in new[] { (0, 70), (70, 9), (79, 61) })
            {
                kernels.Pack(b.View.RowRange(top, rows).ColumnRange(left, columns), blocks, top, left);
                kernels.PackTransposed(transposed.View.RowRange(left, columns).ColumnRange(top, rows), transposedBlocks, top, left);
            }
        }

        Assert.Equal(expected, Product(kernels, a.View, blocks));
        Assert.Equal(expected, Product(kernels, a.View, transposedBlocks));
    }

    [Theory]
    [EveryWidth]
    public void Products_allocate_nothing_once_warm(SimdWidth width)
    {
        KernelSet kernels = KernelSet.For(width);
        using Scratch scratch = new();
        using Operand a = Operand.Uniform(50, 40, 1);
        using Operand b = Operand.Uniform(40, 70, 2);
        using Operand c = Operand.Uniform(50, 70, 3);
        using Operand weights = Operand.Uniform(40, 70, 4);
        using PackedMatrix packed = kernels.CreatePacked(40, 70);
        Assert.Equal(
            0,
            KernelsUnderTest.AllocatedBytes(() =>
            {
                kernels.Pack(b.View, packed);
                kernels.Multiply(a.View, packed, c.View, accumulate: false);
                kernels.MultiplyTransposed(a.View, c.View, weights.View, accumulate: true, scratch);
            })
        );
    }

    [Theory]
    [EveryWidth]
    public void Shapes_that_do_not_fit_are_refused(SimdWidth width)
    {
        KernelSet kernels = KernelSet.For(width);
        using Scratch scratch = new();
        using Operand a = Operand.Uniform(4, 5, 1);
        using Operand b = Operand.Uniform(6, 7, 2);
        using Operand c = Operand.Uniform(4, 7, 3);
        using PackedMatrix packed = Pack(kernels, b.View);
        Assert.Throws<ArgumentException>(() => kernels.Multiply(a.View, packed, c.View, accumulate: false));
        Assert.Throws<ArgumentException>(() => kernels.MultiplyTransposed(a.View, b.View, c.View, accumulate: false, scratch));
        Assert.Throws<ArgumentException>(() => kernels.Pack(b.View, packed, firstRow: 1));
        Assert.Throws<ArgumentException>(() => kernels.PackTransposed(b.View, packed));
    }

    private static PackedMatrix Pack(KernelSet kernels, MatrixView b)
    {
        PackedMatrix packed = kernels.CreatePacked(b.Rows, b.Columns);
        kernels.Pack(b, packed);
        return packed;
    }

    private static float[] Product(KernelSet kernels, MatrixView a, PackedMatrix packed)
    {
        using Operand c = Operand.Uniform(a.Rows, packed.Columns, 0);
        kernels.Multiply(a, packed, c.View, accumulate: false);
        packed.Dispose();
        return c.Values();
    }

    private static void CheckProduct(SimdWidth width, int n, int m, int k, bool accumulate)
    {
        KernelSet kernels = KernelSet.For(width);
        using Operand a = Operand.Uniform(n, k, 1);
        using Operand b = Operand.Uniform(k, m, 2);
        using Operand actual = Operand.Uniform(n, m, 3);
        using Operand expected = Operand.Uniform(n, m, 3);
        using PackedMatrix packed = Pack(kernels, b.View);
        using PackedMatrix reference = Pack(KernelsUnderTest.Reference, b.View);
        kernels.Multiply(a.View, packed, actual.View, accumulate);
        KernelsUnderTest.Reference.Multiply(a.View, reference, expected.View, accumulate);
        AssertClose(expected, actual, k, $"A·B, {width}, n = {n}, m = {m}, k = {k}, accumulate = {accumulate}");
    }

    private static void CheckTransposedProduct(SimdWidth width, int n, int m, int k, bool accumulate)
    {
        using Scratch scratch = new();
        using Operand a = Operand.Uniform(k, n, 1);
        using Operand b = Operand.Uniform(k, m, 2);
        using Operand actual = Operand.Uniform(n, m, 3);
        using Operand expected = Operand.Uniform(n, m, 3);
        KernelSet.For(width).MultiplyTransposed(a.View, b.View, actual.View, accumulate, scratch);
        KernelsUnderTest.Reference.MultiplyTransposed(a.View, b.View, expected.View, accumulate, scratch);
        AssertClose(expected, actual, k, $"Aᵀ·B, {width}, n = {n}, m = {m}, k = {k}, accumulate = {accumulate}");
    }

    private static void AssertClose(Operand expected, Operand actual, int k, string what)
    {
        actual.AssertClose(
            expected,
            (i, j) => KernelsUnderTest.UnitRoundoff * ((4 * Math.Sqrt(k) * k) + (2 * Math.Abs(expected.View.Row(i)[j])) + 2),
            what
        );
    }
}

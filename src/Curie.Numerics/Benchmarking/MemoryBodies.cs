using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Numerics.Benchmarking;

/// <summary>Layer norm, split over blocks of rows.</summary>
internal readonly struct LayerNormBody(
    Kernels.Kernels kernels,
    MatrixView x,
    MatrixView weight,
    MatrixView bias,
    MatrixView y,
    MatrixView mean,
    MatrixView inverseScale
) : IParallelBody
{
    private const int Block = 256;

    public int Items => (x.Rows + Block - 1) / Block;

    public void Invoke(int item, int worker)
    {
        int start = item * Block;
        int rows = Math.Min(Block, x.Rows - start);
        kernels.NormForward(
            x.RowRange(start, rows),
            weight.Row(0),
            bias.Row(0),
            1e-5f,
            y.RowRange(start, rows),
            mean.Row(0).Slice(start, rows),
            inverseScale.Row(0).Slice(start, rows)
        );
    }
}

/// <summary>AdamW, split over blocks of parameters.</summary>
internal readonly struct AdamWBody(
    Kernels.Kernels kernels,
    MatrixView w,
    MatrixView gradient,
    MatrixView first,
    MatrixView second,
    int block
) : IParallelBody
{
    public void Invoke(int item, int worker)
    {
        int start = item * block;
        kernels.AdamWUpdate(
            w.Row(0).Slice(start, block),
            gradient.Row(0).Slice(start, block),
            first.Row(0).Slice(start, block),
            second.Row(0).Slice(start, block),
            new AdamWOptions(1e-3, 0.9, 0.999, 1e-8, 0.05),
            1
        );
    }
}

/// <summary>SGLD with its Gaussian noise, split over blocks of parameters.</summary>
internal readonly struct SgldBody(Kernels.Kernels kernels, MatrixView w, MatrixView gradient, MatrixView origin, int block) : IParallelBody
{
    public void Invoke(int item, int worker)
    {
        int start = item * block;
        kernels.SgldUpdate(
            w.Row(0).Slice(start, block),
            gradient.Row(0).Slice(start, block),
            origin.Row(0).Slice(start, block),
            new SgldOptions(1e-3, 30, 300, 1),
            PhiloxKey.Derive(1, RandomPurpose.LangevinNoise),
            1,
            start
        );
    }
}

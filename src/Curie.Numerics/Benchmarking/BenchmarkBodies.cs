using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Numerics.Benchmarking;

/// <summary>C = A·B, split over blocks of rows.</summary>
internal readonly struct ProductBody(Kernels.Kernels kernels, MatrixView a, PackedMatrix b, MatrixView c) : IParallelBody
{
    private const int Block = 192;

    public int Items => (a.Rows + Block - 1) / Block;

    public void Invoke(int item, int worker)
    {
        int start = item * Block;
        int rows = Math.Min(Block, a.Rows - start);
        kernels.Multiply(a.RowRange(start, rows), b, c.RowRange(start, rows), accumulate: false);
    }
}

/// <summary>C = Aᵀ·B, split over blocks of columns.</summary>
internal readonly struct TransposedBody(Kernels.Kernels kernels, MatrixView a, MatrixView b, MatrixView c, int block, Scratch[] scratch)
    : IParallelBody
{
    public void Invoke(int item, int worker)
    {
        int start = item * block;
        int columns = Math.Min(block, b.Columns - start);
        kernels.MultiplyTransposed(a, b.ColumnRange(start, columns), c.ColumnRange(start, columns), accumulate: false, scratch[worker]);
    }
}

/// <summary>The cross-entropy, split over as many blocks of rows as there are workers; each block has its own weight gradient.</summary>
internal readonly record struct CrossEntropyBody : IParallelBody
{
    public required Kernels.Kernels Kernels { get; init; }

    public required MatrixView X { get; init; }

    public required PackedMatrix Unembed { get; init; }

    public required PackedMatrix UnembedTransposed { get; init; }

    public required MatrixView Bias { get; init; }

    public required AlignedBuffer<int> Targets { get; init; }

    public required AlignedBuffer<double> Losses { get; init; }

    public required MatrixView ResidualGradient { get; init; }

    public required MatrixView WeightGradient { get; init; }

    public required MatrixView BiasGradient { get; init; }

    public required Scratch[] Scratch { get; init; }

    public bool Backward { get; init; }

    public void Invoke(int item, int worker)
    {
        int start = (int)((long)X.Rows * item / Scratch.Length);
        int rows = (int)((long)X.Rows * (item + 1) / Scratch.Length) - start;
        MatrixView x = X.RowRange(start, rows);
        Span<int> targets = Targets.Slice(start, rows);
        Span<double> losses = Losses.Slice(start, rows);
        if (Backward)
        {
            Kernels.CrossEntropyBackward(
                x,
                Unembed,
                UnembedTransposed,
                Bias.Row(0),
                targets,
                1f / X.Rows,
                losses,
                ResidualGradient.RowRange(start, rows),
                WeightGradient.RowRange(item * X.Columns, X.Columns),
                BiasGradient.Row(item),
                Scratch[worker]
            );
        }
        else
        {
            Kernels.CrossEntropyForward(x, Unembed, Bias.Row(0), targets, losses, Scratch[worker]);
        }
    }
}

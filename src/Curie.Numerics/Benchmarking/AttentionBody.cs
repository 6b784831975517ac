using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Numerics.Benchmarking;

/// <summary>Causal attention, a head an item; the heads' operands lie one below another.</summary>
internal readonly record struct AttentionBody : IParallelBody
{
    public required Kernels.Kernels Kernels { get; init; }

    public required int Positions { get; init; }

    public required MatrixView Q { get; init; }

    public required MatrixView K { get; init; }

    public required MatrixView V { get; init; }

    public required MatrixView Z { get; init; }

    public required MatrixView LogSumExp { get; init; }

    public required MatrixView OutputGradient { get; init; }

    public required MatrixView QGradient { get; init; }

    public required MatrixView KGradient { get; init; }

    public required MatrixView VGradient { get; init; }

    public required Scratch[] Scratch { get; init; }

    public bool Backward { get; init; }

    public void Invoke(int item, int worker)
    {
        float scale = 1 / MathF.Sqrt(Q.Columns);
        if (Backward)
        {
            Kernels.AttentionBackward(
                Head(Q, item),
                Head(K, item),
                Head(V, item),
                Head(Z, item),
                LogSumExp.Row(item),
                scale,
                Head(OutputGradient, item),
                Head(QGradient, item),
                Head(KGradient, item),
                Head(VGradient, item),
                Scratch[worker]
            );
        }
        else
        {
            Kernels.AttentionForward(
                Head(Q, item),
                Head(K, item),
                Head(V, item),
                scale,
                Head(Z, item),
                LogSumExp.Row(item),
                Scratch[worker]
            );
        }
    }

    private MatrixView Head(MatrixView all, int head) => all.RowRange(head * Positions, Positions);
}

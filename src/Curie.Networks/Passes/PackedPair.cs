using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>A weight matrix packed both ways: W for the forward product x·W, Wᵀ for the backward product dy·Wᵀ.</summary>
internal sealed class PackedPair : IDisposable
{
    public PackedPair(Kernels kernels, int rows, int columns)
    {
        Forward = kernels.CreatePacked(rows, columns);
        Backward = kernels.CreatePacked(columns, rows);
    }

    /// <summary>W, rows × columns.</summary>
    public PackedMatrix Forward { get; }

    /// <summary>Wᵀ, columns × rows.</summary>
    public PackedMatrix Backward { get; }

    /// <summary>Copies a block of W to its place in both.</summary>
    public void Pack(Kernels kernels, MatrixView block, int row, int column)
    {
        kernels.Pack(block, Forward, row, column);
        kernels.PackTransposed(block, Backward, column, row);
    }

    /// <summary>Copies all of Wᵀ to both.</summary>
    public void PackTransposed(Kernels kernels, MatrixView transposed)
    {
        kernels.PackTransposed(transposed, Forward);
        kernels.Pack(transposed, Backward);
    }

    public void Dispose()
    {
        Forward.Dispose();
        Backward.Dispose();
    }
}

using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>
/// The right-hand side B (depth × columns) of a matrix product, copied into the panels that the micro-kernel reads: all rows of the first
/// panel of <see cref="PanelWidth"/> columns, then all rows of the next; the last panel is filled up with zeros. Weights are packed once
/// per update and shared by all workers.
/// </summary>
public sealed class PackedMatrix : IDisposable
{
    private readonly AlignedBuffer<float> _buffer;

    internal PackedMatrix(int depth, int columns, int panelWidth)
    {
        Depth = depth;
        Columns = columns;
        PanelWidth = panelWidth;
        Panels = (columns + panelWidth - 1) / panelWidth;
        _buffer = new AlignedBuffer<float>((long)Panels * depth * panelWidth);
    }

    /// <summary>The rows of B, the length of every dot product.</summary>
    public int Depth { get; }

    /// <summary>The columns of B.</summary>
    public int Columns { get; }

    /// <summary>The columns of one panel.</summary>
    public int PanelWidth { get; }

    /// <summary>The number of panels.</summary>
    public int Panels { get; }

    /// <summary>The first element of panel <paramref name="panel"/>, Depth × PanelWidth without gaps.</summary>
    internal unsafe float* Panel(int panel) => _buffer.Pointer + ((long)panel * Depth * PanelWidth);

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}

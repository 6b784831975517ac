using Curie.Numerics.Memory;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>A matrix of pseudo-random numbers in −1 … 1 whose rows are separated by guard elements that no kernel may write.</summary>
public sealed unsafe class MatrixFixture : IDisposable
{
    private const float Guard = 12345f;
    private readonly AlignedBuffer<float> _buffer;

    public MatrixFixture(int rows, int columns, int seed, int gap = 3)
    {
        int stride = columns + gap;
        _buffer = new AlignedBuffer<float>(((long)rows * stride) + 1);
        _buffer.Span.Fill(Guard);

        // One element in: no row starts at an aligned address.
        View = new MatrixView(_buffer.Pointer + 1, rows, columns, stride);
        System.Random random = new(seed);
        for (int i = 0; i < rows; i++)
        {
            foreach (ref float value in View.Row(i))
            {
                value = (2 * random.NextSingle()) - 1;
            }
        }
    }

    public MatrixView View { get; }

    public float[] Values()
    {
        float[] values = new float[View.Rows * View.Columns];
        for (int i = 0; i < View.Rows; i++)
        {
            View.Row(i).CopyTo(values.AsSpan(i * View.Columns));
        }

        return values;
    }

    public void AssertGuardsUntouched()
    {
        Assert.Equal(Guard, _buffer.Pointer[0]);
        for (int i = 0; i < View.Rows; i++)
        {
            Span<float> gap = new(View.RowPointer(i) + View.Columns, View.Stride - View.Columns);
            Assert.Equal(-1, gap.IndexOfAnyExcept(Guard));
        }
    }

    public void Dispose() => _buffer.Dispose();
}

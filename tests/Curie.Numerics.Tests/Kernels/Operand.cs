using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>A matrix with gaps between its rows, filled with a marker that a kernel must neither read nor write.</summary>
internal sealed unsafe class Operand : IDisposable
{
    private const float Marker = float.NaN;
    private readonly AlignedBuffer<float> _buffer;

    public Operand(int rows, int columns, int gap = 3)
    {
        // One element of offset: nothing may rely on alignment.
        int stride = columns + gap;
        _buffer = new AlignedBuffer<float>(((long)rows * stride) + 1 + gap);
        _buffer.Span.Fill(Marker);
        View = new MatrixView(_buffer.Pointer + 1, rows, columns, stride);
        View.Clear();
    }

    public MatrixView View { get; }

    /// <summary>Normal numbers rounded to multiples of 1/256, so that small steps along such directions are exact in float32.</summary>
    public static Operand Gaussian(int rows, int columns, int seed, double scale = 1, int gap = 3)
    {
        var operand = new Operand(rows, columns, gap);
        operand.Fill(seed, scale);
        return operand;
    }

    /// <summary>Numbers in −1 … 1 with full significands: every sum of products rounds.</summary>
    public static Operand Uniform(int rows, int columns, int seed, double scale = 1)
    {
        var operand = new Operand(rows, columns);
        var stream = new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.Scores));
        for (int i = 0; i < rows; i++)
        {
            foreach (ref float x in operand.View.Row(i))
            {
                x = (float)(scale * ((2 * stream.NextDouble()) - 1));
            }
        }

        return operand;
    }

    public float[] Values()
    {
        float[] values = new float[View.Rows * View.Columns];
        for (int i = 0; i < View.Rows; i++)
        {
            View.Row(i).CopyTo(values.AsSpan(i * View.Columns));
        }

        return values;
    }

    public void Fill(int seed, double scale = 1)
    {
        var stream = new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.Scores));
        for (int i = 0; i < View.Rows; i++)
        {
            foreach (ref float x in View.Row(i))
            {
                x = (float)(Math.Round(256 * scale * stream.NextGaussian()) / 256);
            }
        }
    }

    public Operand Copy()
    {
        var copy = new Operand(View.Rows, View.Columns, View.Stride - View.Columns);
        for (int i = 0; i < View.Rows; i++)
        {
            View.Row(i).CopyTo(copy.View.Row(i));
        }

        return copy;
    }

    /// <summary>Fails unless each element is within its tolerance and the gaps are untouched.</summary>
    public void AssertClose(Operand expected, Func<int, int, double> tolerance, string what = "")
    {
        for (int i = 0; i < View.Rows; i++)
        {
            for (int j = 0; j < View.Columns; j++)
            {
                double difference = Math.Abs((double)View.Row(i)[j] - expected.View.Row(i)[j]);
                double allowed = tolerance(i, j);
                if (!(difference <= allowed))
                {
                    Assert.Fail($"{what} ({i}, {j}): {View.Row(i)[j]} is not {expected.View.Row(i)[j]} within {allowed}");
                }
            }
        }

        AssertGapsUntouched();
    }

    public void AssertGapsUntouched()
    {
        for (long index = 0; index < _buffer.Length; index++)
        {
            long column = (index - 1) % View.Stride;
            bool isGap = index == 0 || column >= View.Columns || (index - 1) / View.Stride >= View.Rows;
            if (isGap && !float.IsNaN(_buffer.Pointer[index]))
            {
                Assert.Fail($"element {index} between the rows was written");
            }
        }
    }

    public void Dispose() => _buffer.Dispose();
}

using Curie.Numerics.Memory;

namespace Curie.Sampling.Networks;

/// <summary>
/// The gradients of every row of an observable at w*, restricted to one component: the control variate of a gradient on some rows,
/// ∇P_K(w) − ∇P_K(w*) + ∇P(w*), whose mean is ∇P(w) and whose scatter vanishes towards w*.
/// </summary>
internal sealed class RowAnchors : IDisposable
{
    private readonly AlignedBuffer<float> _rows;
    private readonly AlignedBuffer<float> _mean;
    private readonly int _dimension;

    /// <summary>Room for so many rows.</summary>
    public RowAnchors(int rows, int dimension)
    {
        _dimension = dimension;
        _rows = new AlignedBuffer<float>((long)rows * dimension);
        _mean = new AlignedBuffer<float>(dimension);
    }

    /// <summary>The gradient of one row at w*.</summary>
    public Span<float> Row(int row) => _rows.Slice((long)row * _dimension, _dimension);

    /// <summary>Makes the mean, once every row is there.</summary>
    public void Complete()
    {
        Span<float> mean = _mean.Span;
        int rows = (int)(_rows.Length / _dimension);
        for (int i = 0; i < _dimension; i++)
        {
            double sum = 0;
            for (int row = 0; row < rows; row++)
            {
                sum += Row(row)[i];
            }

            mean[i] = (float)(sum / rows);
        }
    }

    /// <summary>Adds ∇P(w*) − ∇P_K(w*) to a gradient on the rows K.</summary>
    public void Correct(ReadOnlySpan<int> rows, Span<float> gradient)
    {
        ReadOnlySpan<float> mean = _mean.Span;
        float share = 1f / rows.Length;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] += mean[i];
        }

        foreach (int row in rows)
        {
            ReadOnlySpan<float> one = Row(row);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] -= share * one[i];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _mean.Dispose();
    }
}

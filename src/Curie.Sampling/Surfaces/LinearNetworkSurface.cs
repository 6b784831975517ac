using Curie.Sampling.LearningTheory;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// A deep linear network on its population loss: K = ‖W_n…W_1 − W*‖²_F/N, the squared error averaged over the N outputs for inputs
/// x ~ N(0, I). Every W_l starts at w*: ones on the first r places of its diagonal, so that the true map has rank r. Two layers are
/// reduced-rank regression. Sums run in float64. Not for use by two threads at once.
/// </summary>
public sealed class LinearNetworkSurface : ILossSurface
{
    private readonly int[] _widths;
    private readonly double[][] _prefixes;
    private readonly double[] _errors;
    private readonly double[] _errorsBefore;

    /// <summary>Creates the surface.</summary>
    /// <param name="widths">H_0 (input) … H_n (output), at least two.</param>
    /// <param name="rank">r, the rank of the true map.</param>
    /// <exception cref="Numerics.InputException">The widths are no network's, or the rank is not one that they allow.</exception>
    public LinearNetworkSurface(ReadOnlySpan<int> widths, int rank)
    {
        DeepLinearNetwork.Validate(widths, rank);
        _widths = widths.ToArray();
        Rank = rank;
        Dimension = checked((int)DeepLinearNetwork.Parameters(widths));
        _prefixes = [.. _widths.Select(width => new double[width * _widths[0]])];
        int largest = _widths.Max() * _widths[0];
        _errors = new double[largest];
        _errorsBefore = new double[largest];
        for (int i = 0; i < _widths[0]; i++)
        {
            _prefixes[0][(i * _widths[0]) + i] = 1;
        }
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>H_0 … H_n.</summary>
    public ReadOnlySpan<int> Widths => _widths;

    /// <summary>r.</summary>
    public int Rank { get; }

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w)
    {
        w.Clear();
        int first = 0;
        for (int layer = 0; layer + 1 < _widths.Length; layer++)
        {
            for (int i = 0; i < Rank; i++)
            {
                w[first + (i * _widths[layer]) + i] = 1;
            }

            first += _widths[layer] * _widths[layer + 1];
        }
    }

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        int columns = _widths[0];
        int layers = _widths.Length - 1;
        int first = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            Forward(w.Slice(first, _widths[layer] * _widths[layer + 1]), _prefixes[layer], _prefixes[layer + 1], _widths[layer], columns);
            first += _widths[layer] * _widths[layer + 1];
        }

        double loss = Loss(_prefixes[layers], columns);
        for (int layer = layers - 1; layer >= 0; layer--)
        {
            int size = _widths[layer] * _widths[layer + 1];
            first -= size;
            Backward(w.Slice(first, size), gradient.Slice(first, size), _prefixes[layer], _widths[layer], _widths[layer + 1], columns);
        }

        return loss;
    }

    private static void Forward(ReadOnlySpan<float> w, double[] input, double[] output, int width, int columns)
    {
        for (int i = 0; i * width < w.Length; i++)
        {
            Span<double> row = output.AsSpan(i * columns, columns);
            row.Clear();
            for (int k = 0; k < width; k++)
            {
                AddScaled(w[(i * width) + k], input.AsSpan(k * columns, columns), row);
            }
        }
    }

    /// <summary>The loss; leaves its derivative by the product in the errors.</summary>
    private double Loss(double[] product, int columns)
    {
        int outputs = _widths[^1];
        double sum = 0;
        for (int i = 0; i < outputs * columns; i++)
        {
            double error = product[i] - (i / columns == i % columns && i / columns < Rank ? 1 : 0);
            sum += error * error;
            _errors[i] = 2 * error / outputs;
        }

        return sum / outputs;
    }

    /// <summary>dW = G·Pᵀ, and the errors of the layer below, WᵀG.</summary>
    private void Backward(ReadOnlySpan<float> w, Span<float> gradient, double[] input, int width, int rows, int columns)
    {
        Array.Clear(_errorsBefore);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> error = _errors.AsSpan(i * columns, columns);
            for (int k = 0; k < width; k++)
            {
                ReadOnlySpan<double> from = input.AsSpan(k * columns, columns);
                double sum = 0;
                for (int j = 0; j < columns; j++)
                {
                    sum += error[j] * from[j];
                }

                gradient[(i * width) + k] = (float)sum;
                AddScaled(w[(i * width) + k], error, _errorsBefore.AsSpan(k * columns, columns));
            }
        }

        _errorsBefore.CopyTo(_errors, 0);
    }

    private static void AddScaled(double factor, ReadOnlySpan<double> from, Span<double> to)
    {
        for (int j = 0; j < to.Length; j++)
        {
            to[j] += factor * from[j];
        }
    }
}

using System.Runtime.InteropServices;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>The mean loss of every row at the draws of a component, added up chain by chain.</summary>
/// <param name="rows">The number of rows.</param>
/// <param name="chains">The number of chains of the component.</param>
internal sealed class RowMeanSums(int rows, int chains)
{
    private readonly double[][] _sums = [.. Enumerable.Range(0, chains).Select(_ => new double[rows])];
    private readonly int[] _draws = new int[chains];

    /// <summary>P of given row means, summed in order.</summary>
    public static double MeanOf(ReadOnlySpan<double> rowMeans)
    {
        double sum = 0;
        foreach (double mean in rowMeans)
        {
            sum += mean;
        }

        return sum / rowMeans.Length;
    }

    /// <summary>Adds a draw of a chain, unless its P is not finite.</summary>
    /// <returns>P.</returns>
    public double Add(int chain, ReadOnlySpan<double> rowMeans)
    {
        double loss = MeanOf(rowMeans);
        if (double.IsFinite(loss))
        {
            _draws[chain]++;
            double[] sums = _sums[chain];
            for (int row = 0; row < rowMeans.Length; row++)
            {
                sums[row] += rowMeans[row];
            }
        }

        return loss;
    }

    /// <summary>E[ℓ_row] of every row over the draws of some chains; NaN if they have none.</summary>
    public double[] Means(IReadOnlyList<int> of)
    {
        double draws = of.Sum(chain => _draws[chain]);
        return [.. Enumerable.Range(0, rows).Select(row => of.Sum(chain => _sums[chain][row]) / draws)];
    }

    /// <summary>Writes the sums of some chains; <see cref="Read"/> reads them back bit for bit.</summary>
    public void Write(Stream stream, ChainRange range)
    {
        stream.Write(MemoryMarshal.AsBytes(_draws.AsSpan(range.First, range.Count)));
        for (int chain = range.First; chain < range.End; chain++)
        {
            stream.Write(MemoryMarshal.AsBytes(_sums[chain].AsSpan()));
        }
    }

    /// <summary>Replaces the sums of some chains by those that <see cref="Write"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The stream ends early.</exception>
    public void Read(Stream stream, ChainRange range)
    {
        stream.ReadExactly(MemoryMarshal.AsBytes(_draws.AsSpan(range.First, range.Count)));
        for (int chain = range.First; chain < range.End; chain++)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(_sums[chain].AsSpan()));
        }
    }

    /// <summary>Takes the sums of some chains from another.</summary>
    public void Take(RowMeanSums other, ChainRange range)
    {
        for (int chain = range.First; chain < range.End; chain++)
        {
            _draws[chain] = other._draws[chain];
            other._sums[chain].CopyTo(_sums[chain], 0);
        }
    }
}

using System.Runtime.InteropServices;
using Curie.Numerics;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>What the measurement of a range of a component's chains leaves behind.</summary>
/// <param name="Report">Traces and health of these chains.</param>
/// <param name="InitialRows">The mean loss of every row at w*.</param>
/// <param name="Sums">The sums of every row's loss over the draws of these chains.</param>
internal sealed record CoefficientShare(ComponentReport Report, double[] InitialRows, RowMeanSums Sums)
{
    /// <summary>Writes the share; <see cref="Read"/> reads it back bit for bit.</summary>
    public void Write(Stream stream)
    {
        ReportStream.Write(stream, Report);
        stream.Write(MemoryMarshal.AsBytes(InitialRows.AsSpan()));
        Sums.Write(stream, Report.Range);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">Where it begins.</param>
    /// <param name="options">How the chains were sampled.</param>
    /// <param name="rows">The number of loss rows.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static CoefficientShare Read(Stream stream, SamplingOptions options, int rows)
    {
        ComponentReport report = ReportStream.Read(stream, options);
        double[] initial = new double[rows];
        stream.ReadExactly(MemoryMarshal.AsBytes(initial.AsSpan()));
        RowMeanSums sums = new(rows, options.Chains);
        sums.Read(stream, report.Range);
        return new CoefficientShare(report, initial, sums);
    }

    /// <summary>The share of all chains.</summary>
    /// <exception cref="InputException">Chains are missing, there twice, or not of one model, data and settings.</exception>
    public static CoefficientShare Merge(IReadOnlyList<CoefficientShare> shares)
    {
        CoefficientShare first = shares[0];
        if (shares is [{ Report: var whole }] && whole.Range == ChainRange.All(whole.Options))
        {
            return first;
        }

        ComponentReport report = ComponentReport.Merge(shares.Select(share => share.Report));
        RowMeanSums sums = new(first.InitialRows.Length, report.Options.Chains);
        foreach (CoefficientShare share in shares)
        {
            if (!share.InitialRows.AsSpan().SequenceEqual(first.InitialRows))
            {
                throw new InputException(
                    $"the losses of {report.Component} at the checkpoint differ between shards: their machines do not compute alike; "
                        + "run all "
                        + "shards on one kind."
                );
            }

            sums.Take(share.Sums, share.Report.Range);
        }

        return new CoefficientShare(report, first.InitialRows, sums);
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Curie.Sampling.Chains;

/// <summary>A <see cref="ComponentReport"/> as bytes: what is said of the chains of its range, without any weights.</summary>
public static class ReportStream
{
    /// <summary>Writes a report; other contents may stand before and behind it.</summary>
    public static void Write(Stream stream, ComponentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(report.Component);
        writer.Write(report.Dimension);
        writer.Write(report.InitLoss);
        writer.Write(report.NullLine ?? double.NaN);
        writer.Write(report.OriginNorm);
        writer.Write(report.Range.First);
        writer.Write(report.Range.Count);
        for (int chain = report.Range.First; chain < report.Range.End; chain++)
        {
            foreach (IReadOnlyList<double[]> numbers in Series(report))
            {
                writer.Write(MemoryMarshal.AsBytes(numbers[chain].AsSpan()));
            }

            writer.Write(report.Distances[chain]);
            writer.Write(report.Acceptance[chain] ?? double.NaN);
        }

        writer.Write(report.Failures.Count);
        foreach (ChainFailure failure in report.Failures)
        {
            writer.Write(failure.Chain);
            writer.Write(failure.Draw);
            writer.Write(failure.Updates);
            writer.Write(failure.Reason);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">Where it begins.</param>
    /// <param name="options">How the chains were sampled.</param>
    /// <exception cref="InvalidDataException">It is not a report of such chains, or is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static ComponentReport Read(Stream stream, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        string component = reader.ReadString();
        int dimension = reader.ReadInt32();
        double initLoss = reader.ReadDouble();
        double nullLine = reader.ReadDouble();
        double originNorm = reader.ReadDouble();
        ChainRange range = new(reader.ReadInt32(), reader.ReadInt32());
        Expect(range.First >= 0 && range.Count > 0 && range.Count <= options.Chains - range.First);
        double[][][] series = [.. Enumerable.Range(0, 4).Select(_ => Empty(options))];
        double[] distances = new double[options.Chains];
        double?[] acceptance = new double?[options.Chains];
        Array.Fill(distances, double.NaN);
        for (int chain = range.First; chain < range.End; chain++)
        {
            foreach (double[][] numbers in series)
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(numbers[chain].AsSpan()));
            }

            distances[chain] = reader.ReadDouble();
            double rate = reader.ReadDouble();
            acceptance[chain] = double.IsNaN(rate) ? null : rate;
        }

        int failed = reader.ReadInt32();
        Expect(failed >= 0 && failed <= range.Count);
        ChainFailure[] failures = new ChainFailure[failed];
        for (int i = 0; i < failed; i++)
        {
            failures[i] = new ChainFailure(component, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadString());
        }

        return new ComponentReport(
            component,
            dimension,
            options,
            initLoss,
            double.IsNaN(nullLine) ? null : nullLine,
            series[0],
            distances,
            failures
        )
        {
            Acceptance = acceptance,
            Pull = series[1],
            SquaredDistance = series[2],
            ShadowDistance = series[3],
            OriginNorm = originNorm,
            Range = range,
        };
    }

    private static IReadOnlyList<double[]>[] Series(ComponentReport report) =>
        [report.Trace, report.Pull, report.SquaredDistance, report.ShadowDistance];

    private static double[][] Empty(SamplingOptions options) =>
        [
            .. Enumerable
                .Range(0, options.Chains)
                .Select(_ =>
                {
                    double[] row = new double[options.Draws];
                    Array.Fill(row, double.NaN);
                    return row;
                }),
        ];

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("It is not a report of these chains, or is damaged.");
        }
    }
}

using System.Diagnostics;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Benchmarking;

/// <summary>Times passes over a model in rounds, each beside a measurement of the processor's peak.</summary>
/// <param name="machine">The arithmetic whose peak counts, and the threads.</param>
/// <param name="milliseconds">How long to run each pass in each of three rounds; at least one run is made.</param>
internal sealed class PassTimer(Machine machine, int milliseconds)
{
    private const int Rounds = 3;

    /// <summary>Times a pass, after one run to warm up.</summary>
    /// <param name="work">What it is.</param>
    /// <param name="operationsPerToken">Its necessary operations per token.</param>
    /// <param name="tokens">The tokens of one run.</param>
    /// <param name="run">The pass.</param>
    public ModelRate Time(string work, double operationsPerToken, long tokens, Action run)
    {
        run();
        double[] peaks = new double[Rounds];
        double[] rates = new double[Rounds];
        double[] fractions = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            peaks[round] = MachinePeak.Measure(machine.Kernels.Width, machine.Pool);
            long start = Stopwatch.GetTimestamp();
            long runs = 0;
            do
            {
                run();
                runs++;
            } while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds);
            rates[round] = runs * tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
            fractions[round] = rates[round] * operationsPerToken / 1e9 / peaks[round];
        }

        return new ModelRate(work, machine.Pool.Workers, Median(rates), operationsPerToken, Median(peaks), Median(fractions));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}

using System.Diagnostics;

namespace Curie.Numerics.Benchmarking;

/// <summary>How long a piece of work takes, by doing it for a tenth of a second.</summary>
public static class ShortTrial
{
    private const double Seconds = 0.1;
    private const int WarmUps = 2;
    private const int FewestRuns = 3;

    /// <summary>
    /// The median of several runs after some that warm up; of a single thread the processor time of one, where that is less, so that
    /// another program beside it is not counted.
    /// </summary>
    /// <param name="workers">The threads that the work takes.</param>
    /// <param name="run">The work.</param>
    /// <returns>Seconds.</returns>
    public static double Of(int workers, Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps && (i == 0 || Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds); i++)
        {
            run();
        }

        // Work that takes longer than a trial is done once more and no oftener.
        int fewest = Stopwatch.GetElapsedTime(begin).TotalSeconds < WarmUps * Seconds ? FewestRuns : 1;
        begin = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        List<double> times = [];
        do
        {
            long start = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        } while (times.Count < fewest || Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds);
        double median = times.Order().ElementAt(times.Count / 2);
        return workers > 1 ? median : Math.Min(median, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / times.Count);
    }
}

using Curie.Numerics.Statistics;
using Curie.Response.Reproducibility;

namespace Curie.Response.Coverage;

/// <summary>Intervals of one replicate, quantity by quantity.</summary>
internal sealed class CoverageTally
{
    private readonly Dictionary<string, Sums> _sums = [];
    private readonly List<ReliabilityEntry> _reliabilities = [];

    /// <summary>Adds the interval value ± t·error.</summary>
    public void Add(string quantity, double truth, double value, double error, int degreesOfFreedom)
    {
        double half = new MeanEstimate(value, error, degreesOfFreedom).HalfWidth();
        Add(quantity, truth, value, error, value - half, value + half);
    }

    /// <summary>Adds an interval.</summary>
    public void Add(string quantity, double truth, double value, double error, double low, double high)
    {
        if (!_sums.TryGetValue(quantity, out Sums? sums))
        {
            _sums.Add(quantity, sums = new Sums());
        }

        sums.Intervals++;
        sums.Held += truth >= low && truth <= high ? 1 : 0;
        sums.SquaredError += error * error;
        sums.SquaredDifference += (value - truth) * (value - truth);
    }

    /// <summary>Adds an interval.</summary>
    public void Add(string quantity, double truth, Interval interval) =>
        Add(quantity, truth, interval.Value, interval.StandardError, interval.Low, interval.High);

    /// <summary>
    /// Adds the interval of a reliability, whose truth, the share of the signal in the variance over tokens, follows from the noise of all
    /// replicates; one that could not be made counts as one that misses.
    /// </summary>
    public void AddReliability(string quantity, int component, double signal, double noise, Interval? interval) =>
        _reliabilities.Add(new ReliabilityEntry(quantity, component, signal, noise, interval));

    /// <summary>Sums up replicates, which hold the same quantities in the same order.</summary>
    public static IReadOnlyList<CoverageRow> Total(IReadOnlyList<CoverageTally> replicates)
    {
        Dictionary<(string, int), double> truths = replicates
            .SelectMany(replicate => replicate._reliabilities)
            .GroupBy(entry => (entry.Quantity, entry.Component))
            .ToDictionary(
                entries => entries.Key,
                entries => entries.Sum(entry => entry.Signal) / entries.Sum(entry => entry.Signal + entry.Noise)
            );
        foreach (CoverageTally replicate in replicates)
        {
            replicate.JudgeReliabilities(truths);
        }

        return
        [
            .. replicates[0]
                ._sums.Keys.Select(quantity =>
                {
                    Sums[] all = [.. replicates.Select(replicate => replicate._sums[quantity])];
                    RunningMoments held = default;
                    foreach (Sums sums in all)
                    {
                        held.Add((double)sums.Held / sums.Intervals);
                    }

                    return new CoverageRow(
                        quantity,
                        held.Mean,
                        held.StandardError,
                        Math.Sqrt(all.Sum(sums => sums.SquaredError) / all.Sum(sums => sums.SquaredDifference))
                    );
                }),
        ];
    }

    private void JudgeReliabilities(Dictionary<(string Quantity, int Component), double> truths)
    {
        foreach (ReliabilityEntry entry in _reliabilities)
        {
            double truth = truths[(entry.Quantity, entry.Component)];
            Add(entry.Quantity, truth, entry.Interval ?? new Interval(truth, 0, double.NaN, double.NaN));
        }
    }

    private sealed record ReliabilityEntry(string Quantity, int Component, double Signal, double Noise, Interval? Interval);

    private sealed class Sums
    {
        public int Intervals { get; set; }

        public int Held { get; set; }

        public double SquaredError { get; set; }

        public double SquaredDifference { get; set; }
    }
}

using Curie.Numerics.Statistics;

namespace Curie.Response.Coverage;

/// <summary>Intervals of one replicate, quantity by quantity.</summary>
internal sealed class CoverageTally
{
    private readonly Dictionary<string, Sums> _sums = [];

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

    /// <summary>Sums up replicates, which hold the same quantities in the same order.</summary>
    public static IReadOnlyList<CoverageRow> Total(IReadOnlyList<CoverageTally> replicates) =>
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

    private sealed class Sums
    {
        public int Intervals { get; set; }

        public int Held { get; set; }

        public double SquaredError { get; set; }

        public double SquaredDifference { get; set; }
    }
}

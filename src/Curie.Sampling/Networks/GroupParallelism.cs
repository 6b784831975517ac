namespace Curie.Sampling.Networks;

/// <summary>
/// How many items of a group's work threads can share at a time: what an ideal machine, whose threads never wait for anything else, would
/// gain by them.
/// </summary>
/// <param name="GradientShards">The shards of a minibatch's gradient, min(B, 8): their sum's order fixes the bits.</param>
/// <param name="Components">The components that more threads than these share out among them; 1 where there is only one.</param>
/// <param name="Rows">The rows of every set that is evaluated at a draw; threads share the rows of a set.</param>
public sealed record GroupParallelism(int GradientShards, int Components, IReadOnlyList<int> Rows)
{
    /// <summary>The items of an update.</summary>
    public int UpdateItems => GradientShards * Components;

    /// <summary>The items of the largest set of rows of a draw.</summary>
    public int DrawItems => Rows.Max();

    /// <summary>How many times faster updates are with so many threads.</summary>
    public double UpdateSpeedup(int threads)
    {
        int parts = Math.Min((threads + GradientShards - 1) / GradientShards, Components);
        int largest = (Components + parts - 1) / parts;
        return Gain(GradientShards * parts, threads) * Components / (parts * (double)largest);
    }

    /// <summary>How many times faster draws are with so many threads.</summary>
    public double DrawSpeedup(int threads) => Rows.Sum(rows => (double)rows) / Rows.Sum(rows => (rows + threads - 1) / threads);

    private static double Gain(int items, int threads) => items / (double)((items + threads - 1) / threads);
}

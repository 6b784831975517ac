using Curie.Networks.Data;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>At every draw of a component: P on a batch of any kind, and every row's own mean loss, added up chain by chain.</summary>
internal sealed class BatchObserver(BatchSurface surface, IBatch batch, int chains) : ICoefficientObserver, IDrawObserver
{
    private readonly RowMeanSums _sums = new(batch.Count, chains);
    private readonly double[] _rowMeans = new double[batch.Count];

    public double[] InitialRowMeans(int member)
    {
        float[] origin = new float[surface.Dimension];
        surface.CopyOrigin(origin);
        double[] means = new double[batch.Count];
        surface.RowMeans(batch, origin, means);
        return means;
    }

    public RowMeanSums Sums(int member) => _sums;

    public double Observe(int chain, int draw, ReadOnlySpan<float> w)
    {
        surface.RowMeans(batch, w, _rowMeans);
        return _sums.Add(chain, _rowMeans);
    }

    public void Observe(
        IReadOnlyList<ComponentRun> runs,
        IReadOnlyList<int> members,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    ) => new SeparateDraws(this).Observe(runs, members, losses, cancellation);
}

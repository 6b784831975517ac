using Curie.Networks.Restricted;

namespace Curie.Sampling.Networks;

/// <summary>At every draw of a network: P on the evaluation rows, and every row's own mean loss, added up chain by chain.</summary>
public sealed class LearningCoefficientObserver : NetworkObserver, ICoefficientObserver
{
    private readonly IRestrictedGroup _group;
    private readonly IFrozenRows _rows;
    private readonly int _rowCount;
    private readonly IReadOnlyList<double>? _shares;
    private readonly double[] _rowMeans;
    private readonly RowMeanSums[] _sums;

    /// <summary>An observer that has seen no draw.</summary>
    /// <param name="group">The components that vary.</param>
    /// <param name="rows">The rows that give P.</param>
    /// <param name="rowCount">Their number.</param>
    /// <param name="chains">The number of chains of each component.</param>
    /// <param name="shares">What the mean of each row counts in P, 1 on average (<see
    /// cref="Curie.Networks.Data.CountedPositions.Shares"/>); null for all alike.</param>
    public LearningCoefficientObserver(
        IRestrictedGroup group,
        IFrozenRows rows,
        int rowCount,
        int chains,
        IReadOnlyList<double>? shares = null
    )
        : base(group)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(rows);
        _group = group;
        _rows = rows;
        _rowCount = rowCount;
        _shares = shares;
        _rowMeans = new double[CapacityOf(group) * rowCount];
        _sums = [.. group.Components.Select(_ => new RowMeanSums(rowCount, chains))];
    }

    /// <summary>The mean loss of every row at w*, nats per token, evaluated as draws of that component are.</summary>
    public double[] InitialRowMeans(int member)
    {
        float[] origin = new float[_group.Components[member].Restriction.Dimension];
        _group.CopyOrigin(member, origin);
        _group.Load(member, 0, origin);
        Evaluate([new LoadedWeights(member, 0)], [0], 0);
        return RowMeansAt(0).ToArray();
    }

    /// <summary>E[ℓ_row] of every row over the draws of some chains of a component; NaN if they have none.</summary>
    public double[] RowMeans(int member, IReadOnlyList<int> chains) => _sums[member].Means(chains);

    /// <inheritdoc/>
    RowMeanSums ICoefficientObserver.Sums(int member) => _sums[member];

    /// <inheritdoc/>
    protected override void Evaluate(ReadOnlySpan<LoadedWeights> points, ReadOnlySpan<int> vectors, int draw)
    {
        Span<double> means = _rowMeans.AsSpan(0, points.Length * _rowCount);
        _rows.Losses(points, [], means);
        for (int i = 0; i < means.Length && _shares is not null; i++)
        {
            means[i] *= _shares[i % _rowCount];
        }
    }

    /// <inheritdoc/>
    protected override double Take(int member, int chain, int vector, int index) => _sums[member].Add(chain, RowMeansAt(index));

    private ReadOnlySpan<double> RowMeansAt(int index) => _rowMeans.AsSpan(index * _rowCount, _rowCount);
}

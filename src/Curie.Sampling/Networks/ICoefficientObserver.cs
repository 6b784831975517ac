namespace Curie.Sampling.Networks;

/// <summary>Observes what learning coefficients are estimated from: the loss of every row, at w* and on average over draws.</summary>
internal interface ICoefficientObserver : IGroupObserver
{
    /// <summary>The mean loss of every row at w*, evaluated as draws of that component are.</summary>
    double[] InitialRowMeans(int member);

    /// <summary>E[ℓ_row] of every row over the draws of some chains of a component; NaN if they have none.</summary>
    double[] RowMeans(int member, IReadOnlyList<int> chains);
}

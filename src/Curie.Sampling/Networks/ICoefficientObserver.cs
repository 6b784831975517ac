namespace Curie.Sampling.Networks;

/// <summary>Observes what learning coefficients are estimated from: the loss of every row, at w* and on average over draws.</summary>
internal interface ICoefficientObserver : IGroupObserver
{
    /// <summary>The mean loss of every row at w*, evaluated as draws of that component are.</summary>
    double[] InitialRowMeans(int member);

    /// <summary>The sums of every row's loss over the draws so far of a component's chains.</summary>
    RowMeanSums Sums(int member);
}

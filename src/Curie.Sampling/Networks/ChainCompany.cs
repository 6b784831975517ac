namespace Curie.Sampling.Networks;

/// <summary>What goes beside every chain of a component, as far as it costs.</summary>
/// <param name="Companions">Companions of every chain.</param>
/// <param name="LossGradients">How many of these need the minibatch's gradient.</param>
/// <param name="ObservableGradients">How many need the observable's.</param>
/// <param name="ObservableRows">K, the rows of the observable at an update.</param>
/// <param name="Evaluations">Companions evaluated at a draw of a chain, on average.</param>
/// <param name="Bytes">Bytes beside the weights and gradients of chains and companions.</param>
public sealed record ChainCompany(
    int Companions,
    int LossGradients,
    int ObservableGradients,
    int ObservableRows,
    double Evaluations,
    long Bytes
)
{
    /// <summary>How many companions that need the minibatch's gradient only chain 0 has, for a while.</summary>
    public int FirstChainGradients { get; init; }

    /// <summary>The evaluations of all rows at independent draws beside the chains, in the whole run.</summary>
    public double IndependentEvaluations { get; init; }

    /// <summary>How many times as many draws as the run's the component's chains make.</summary>
    public int DrawFactor { get; init; } = 1;

    /// <summary>The weight vectors of a component that are evaluated together: all chains and all their companions.</summary>
    public int LossSlots(SamplingOptions sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return sampling.Chains * (1 + Companions);
    }

    /// <summary>
    /// The weight vectors of a component whose gradients are made together: a pair of chains and the companions that feel the loss.
    /// </summary>
    public int GradientSlots(SamplingOptions sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return (sampling.ChainsPerUnit * (1 + LossGradients)) + FirstChainGradients;
    }

    /// <summary>Chains that go alone.</summary>
    public static ChainCompany None { get; } = new(0, 0, 0, 0, 0, 0);
}

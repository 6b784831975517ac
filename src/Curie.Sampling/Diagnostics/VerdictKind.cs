namespace Curie.Sampling.Diagnostics;

/// <summary>The rules of <see cref="ComponentHealth"/>.</summary>
public enum VerdictKind
{
    /// <summary>Chains were stopped and are left out.</summary>
    ChainsStopped,

    /// <summary>Fewer than two healthy chains: nothing can show that they agree.</summary>
    TooFewChains,

    /// <summary>Too few draws to judge anything.</summary>
    TooFewDraws,

    /// <summary>The chains stand where they started, at the checkpoint.</summary>
    DidNotMove,

    /// <summary>The chains disagree (split R̂).</summary>
    ChainsDisagree,

    /// <summary>The draws are worth too few independent ones.</summary>
    TooFewEffectiveDraws,

    /// <summary>The loss still rises at the last draw.</summary>
    StillRising,

    /// <summary>The loss still falls at the last draw.</summary>
    StillFalling,

    /// <summary>The first draws come from before the chains settled.</summary>
    NotSettledAtStart,

    /// <summary>Many draws have a lower loss than the checkpoint.</summary>
    BelowInitLoss,

    /// <summary>The mean loss is above the null line.</summary>
    AboveNullLine,

    /// <summary>The mean loss is more than half way from that of the checkpoint to the null line.</summary>
    KnowledgeLost,

    /// <summary>The chains end further from the checkpoint than localisation alone would let them.</summary>
    DraggedAway,

    /// <summary>The loss levels off on the way from the checkpoint to where the chains live.</summary>
    LeftBasin,

    /// <summary>The coefficient is larger than that of any minimum in so many dimensions.</summary>
    AboveEveryMinimum,

    /// <summary>Minibatch noise or the step widens the law by more than a tenth.</summary>
    Overheated,

    /// <summary>L0 was taken as the published curves have it, from a buffer filled with zeros.</summary>
    ZeroFilledInitLoss,

    /// <summary>A Metropolis test would accept too few of the steps.</summary>
    StepTooLarge,

    /// <summary>Shadows still move away from their chains: their difference has not reached its level.</summary>
    ResponseNotSettled,

    /// <summary>The response depends on the size of the perturbation.</summary>
    PerturbationTooLarge,

    /// <summary>Shadows so near their chains that float32 does not resolve what they change.</summary>
    PerturbationTooSmall,

    /// <summary>The loss of the checkpoint itself is no number.</summary>
    CheckpointDiverged,
}

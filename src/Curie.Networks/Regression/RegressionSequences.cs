using Curie.Numerics.Random;

namespace Curie.Networks.Regression;

/// <summary>The keys of the streams that sequences come from; no two streams share a sequence.</summary>
public static class RegressionSequences
{
    /// <summary>Training minibatches: one per step.</summary>
    public static PhiloxKey Training(long seed) => PhiloxKey.Derive(seed, RandomPurpose.RegressionSequences, "training");

    /// <summary>Held-out sequences on which checkpoints are evaluated.</summary>
    public static PhiloxKey Evaluation(long seed) => PhiloxKey.Derive(seed, RandomPurpose.RegressionSequences, "evaluation");

    /// <summary>The sequences that give P and L0 when a checkpoint is sampled.</summary>
    public static PhiloxKey Loss(long seed) => PhiloxKey.Derive(seed, RandomPurpose.RegressionSequences, "loss");

    /// <summary>Minibatches of a chain: one per update, the same for all components.</summary>
    public static PhiloxKey Chain(long seed, int chain) => PhiloxKey.Derive(seed, RandomPurpose.RegressionSequences, "chain", chain);
}

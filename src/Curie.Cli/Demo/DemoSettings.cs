using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Training;
using Curie.Sampling;
using Curie.Text.Packing;

namespace Curie.Cli.Demo;

/// <summary>
/// The sizes of the demo. The mix makes induction form early: half of the rows repeat a short random block until the row is full, and the
/// positions start as sinusoids. With normal W_pos or long blocks the previous-token head that induction builds on forms much later.
/// </summary>
internal sealed record DemoSettings
{
    /// <summary>The built-in sources of text; the fifth probe, repeats, is made of tokens.</summary>
    public static readonly IReadOnlyList<string> Sources = ["dotnet-docs", "msbuild", "signatures", "arithmetic"];

    /// <summary>The name of the probe of repeated random blocks.</summary>
    public const string Repeats = "repeats";

    /// <summary>The seed of everything.</summary>
    public required long Seed { get; init; }

    /// <summary>Whether this is the short demo, in which induction cannot form.</summary>
    public bool Quick { get; init; }

    /// <summary>Text taken from each source, bytes.</summary>
    public long SourceBytes { get; init; } = 4_000_000;

    /// <summary>Repeated rows for every row of text in the training mix.</summary>
    public double RepeatsPerTextRow { get; init; } = 1;

    /// <summary>The lengths of the blocks in the training mix.</summary>
    public BlockLength TrainingBlocks { get; init; } = new(6, 31);

    /// <summary>The length of the blocks in the probe.</summary>
    public int ProbeBlock { get; init; } = 31;

    /// <summary>Rows of each probe that are followed.</summary>
    public int ProbeRows { get; init; } = 8;

    /// <summary>Rows of each probe on which losses before and after training are measured.</summary>
    public int LossRows { get; init; } = 64;

    /// <summary>Pairs of opposite draws of every head in the first look, which is to take seconds.</summary>
    public int ScanPairs { get; init; } = 8;

    /// <summary>Synthetic sequences per head score.</summary>
    public int ScoreSamples { get; init; } = 1000;

    /// <summary>The network: 2 layers of 8 heads, attention only.</summary>
    public TransformerConfig Architecture { get; init; } =
        new()
        {
            Layers = 2,
            ModelWidth = 128,
            Heads = 8,
            HeadWidth = 16,
            ContextLength = 128,
            Vocabulary = 1024,
            Positions = PositionalEmbedding.Shortformer,
        };

    /// <summary>How the network is trained.</summary>
    public TrainingOptions Training { get; init; } =
        new()
        {
            Steps = 3000,
            BatchSize = 16,
            Order = RowOrder.Shuffled,
            LearningRate = 3e-3,
            WarmupSteps = 50,
            LogCheckpoints = 0,
            LinearCheckpoints = 6,
        };

    /// <summary>
    /// How the posterior is sampled: the defaults of ε, nβ and γ, which are those at which the loss is felt on this model without the
    /// chains losing what it knows (docs/method.md, choosing settings). Few draws are enough, because the covariance is measured as a
    /// response and chains come in antithetic pairs.
    /// </summary>
    public SamplingOptions Sampling { get; init; } =
        new()
        {
            Chains = 4,
            Draws = 24,
            BurnIn = 60,
            StepsBetweenDraws = 6,
        };

    /// <summary>Rows per minibatch of the sampler.</summary>
    public int SamplingBatch { get; init; } = 4;

    /// <summary>Rows that give P and L0.</summary>
    public int EvaluationRows { get; init; } = 32;

    /// <summary>The demo of three minutes.</summary>
    public static DemoSettings Full(long seed)
    {
        DemoSettings settings = new() { Seed = seed };
        return settings with { Training = settings.Training with { Seed = seed }, Sampling = settings.Sampling with { Seed = seed } };
    }

    /// <summary>The one-minute demo: too little training for induction, few draws.</summary>
    public static DemoSettings Short(long seed)
    {
        DemoSettings full = Full(seed);
        return full with
        {
            Quick = true,
            SourceBytes = 1_000_000,
            ProbeRows = 4,
            Training = full.Training with { Steps = 400 },
            Sampling = full.Sampling with { Chains = 2, Draws = 20, BurnIn = 10, StepsBetweenDraws = 2 },
        };
    }
}

using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>How one component repeats itself between halves of the draws.</summary>
/// <param name="Component">The component.</param>
/// <param name="HalfCorrelation">The correlation over tokens between the halves.</param>
/// <param name="Reliability">The same for all draws, by Spearman and Brown: the share of the variance over tokens that is no sampling
/// error.</param>
/// <param name="DrawsNeeded">Where noise exceeds the signal: how many times as many draws bring the reliability to 0.8; null where no
/// signal is seen at all.</param>
public sealed record ComponentReproducibility(string Component, double HalfCorrelation, double Reliability, double? DrawsNeeded)
{
    /// <summary>
    /// The reliability as the spread of all batches gives it, whose noise is better known than that of halves, with its interval; null
    /// where there are too few batches for one, and in files of earlier versions.
    /// </summary>
    public Interval? ReliabilityInterval { get; init; }
}

/// <summary>How one mode of a group repeats itself, and whether components share it.</summary>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="ExplainedVariance">Its share of the variance, with its interval.</param>
/// <param name="Loadings">Its loadings by component, with their intervals.</param>
/// <param name="HalfCorrelation">The correlation over tokens of its scores between the halves.</param>
/// <param name="Reliability">The same for all draws.</param>
/// <param name="DrawsNeeded">As for a component.</param>
/// <param name="LoadingAngle">The largest principal angle between the loadings of modes 1 … <paramref name="Mode"/> of the halves,
/// degrees.</param>
/// <param name="ChanceAngle">The mean of that angle between random subspaces.</param>
/// <param name="ScoreAngle">The largest principal angle between the scores over tokens of these modes, degrees; about 90 by chance.</param>
/// <param name="Permutation">Against components without tokens in common; null for a last mode, which has no alternative.</param>
public sealed record ModeReproducibility(
    int Mode,
    Interval ExplainedVariance,
    IReadOnlyDictionary<string, Interval> Loadings,
    double HalfCorrelation,
    double Reliability,
    double? DrawsNeeded,
    double LoadingAngle,
    double ChanceAngle,
    double ScoreAngle,
    PermutationNull? Permutation
)
{
    /// <summary>
    /// The reliability as the spread of all batches gives it, whose noise is better known than that of halves, with its interval; null
    /// where there are too few batches for one, and in files of earlier versions.
    /// </summary>
    public Interval? ReliabilityInterval { get; init; }
}

/// <summary>How well the structure of one group of components is known.</summary>
/// <param name="Group">The group's name, as <see cref="ModeGroup.Name"/>.</param>
/// <param name="Reason">Why nothing could be found out, in words; null otherwise.</param>
public sealed record GroupReproducibility(string Group, string? Reason)
{
    /// <summary>The chains that are healthy in every component, and in `full` where the part needs it.</summary>
    public int Chains { get; init; }

    /// <summary>2 where the chains are pairs, which are halved and resampled as one, otherwise 1.</summary>
    public int ChainsPerUnit { get; init; } = 1;

    /// <summary>Their batches.</summary>
    public int Batches { get; init; }

    /// <summary>
    /// Whether the halves are those of the draws of a single chain, or pair of chains, which are not independent, in place of different
    /// chains.
    /// </summary>
    public bool HalvesOfOneChain { get; init; }

    /// <summary>Every component with an estimate.</summary>
    public IReadOnlyList<ComponentReproducibility> Components { get; init; } = [];

    /// <summary>The first modes.</summary>
    public IReadOnlyList<ModeReproducibility> Modes { get; init; } = [];

    /// <summary>Tries the modes of a group.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="group">The group's modes.</param>
    /// <param name="options">How.</param>
    /// <param name="pool">Shares the work when given; the result is the same to the last bit.</param>
    public static GroupReproducibility Of(
        SusceptibilityRun run,
        ResponsePart part,
        GroupModes group,
        ReproducibilityOptions options,
        WorkerPool? pool = null
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(options);
        if (group.Modes is not { } all)
        {
            return new GroupReproducibility(group.Name, group.Reason);
        }

        int[] rows = [.. all.Components.Select(name => Row(run.Manifest.Components, name))];
        (BatchBasis? basis, string? reason) = BatchBasis.Of(run, part, rows, pool: pool);
        if (basis is null)
        {
            return new GroupReproducibility(group.Name, reason);
        }

        int modes = Math.Min(options.Modes, all.Count);
        string key = $"{part.Name} {group.Name}";
        SplitAgreement split = SplitAgreement.Of(basis, modes);
        ReliabilityIntervals reliabilities = ReliabilityIntervals.Of(
            run,
            part,
            rows,
            [.. Enumerable.Range(0, modes).Select(k => all.Loadings(k).ToArray())]
        );
        PartMatrices<float> response = run.Data.Response;
        ReadOnlyMemory<float>[] values =
        [
            .. rows.Select(row => (ReadOnlyMemory<float>)response.Values(part).AsMemory(row * response.Columns, response.Columns)),
        ];
        ModeBootstrap bootstrap = ModeBootstrap.Of(
            ModeReplicates.Of(basis, RowMoments.Of(values, run.Data.Tokens), key, options, standardized: false),
            modes
        );
        IReadOnlyList<PermutationNull> permutations = PermutationNull.Of(values, key, options);
        return new GroupReproducibility(group.Name, null)
        {
            Chains = basis.Units.Count * run.Manifest.Shape.ChainsPerUnit,
            ChainsPerUnit = run.Manifest.Shape.ChainsPerUnit,
            Batches = basis.Draws.Length,
            HalvesOfOneChain = basis.Units.Count == 1,
            Components =
            [
                .. all.Components.Select(
                    (name, c) => Component(name, split.Components[c]) with { ReliabilityInterval = reliabilities.Components[c] }
                ),
            ],
            Modes = [.. Enumerable.Range(0, modes).Select(Mode)],
        };

        ModeReproducibility Mode(int k) =>
            new(
                k + 1,
                bootstrap.ExplainedVariance(k, all.ExplainedVariance[k]),
                all.Components.Select((name, c) => KeyValuePair.Create(name, bootstrap.Loading(k, c, all.Loadings(k)[c]))).ToDictionary(),
                split.Modes[k].HalfCorrelation,
                split.Modes[k].Corrected,
                split.Modes[k].IsBelowNoise ? split.Modes[k].DrawsNeeded : null,
                split.LoadingAngles[k],
                PrincipalAngles.OfRandomSubspaces(all.Count, k + 1, options.Seed),
                split.ScoreAngles[k],
                k < permutations.Count ? permutations[k] : null
            )
            {
                ReliabilityInterval = reliabilities.Modes[k],
            };
    }

    private static ComponentReproducibility Component(string name, Reliability reliability) =>
        new(name, reliability.HalfCorrelation, reliability.Corrected, reliability.IsBelowNoise ? reliability.DrawsNeeded : null);

    private static int Row(IReadOnlyList<string> components, string name)
    {
        int row = 0;
        while (components[row] != name)
        {
            row++;
        }

        return row;
    }
}

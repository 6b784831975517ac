using Curie.Numerics;

namespace Curie.Sampling.Chains;

/// <summary>What the sampling of a component left behind, beside what its observer keeps.</summary>
/// <param name="Component">The component's name.</param>
/// <param name="Dimension">d, its number of weights.</param>
/// <param name="Options">How it was sampled.</param>
/// <param name="InitLoss">L0.</param>
/// <param name="NullLine">The loss of the uniform predictor; null for none.</param>
/// <param name="Trace">P per chain and draw; NaN in a stopped chain from its last draw on.</param>
/// <param name="Distances">‖w − w*‖ of every chain where it ended.</param>
/// <param name="Failures">The chains that were stopped; estimates leave them out.</param>
public sealed record ComponentReport(
    string Component,
    int Dimension,
    SamplingOptions Options,
    double InitLoss,
    double? NullLine,
    IReadOnlyList<double[]> Trace,
    IReadOnlyList<double> Distances,
    IReadOnlyList<ChainFailure> Failures
)
{
    /// <summary>
    /// The acceptance rate of every chain's steps after burn-in (<see cref="SampledChain.Acceptance"/>); empty if not measured.
    /// </summary>
    public IReadOnlyList<double?> Acceptance { get; init; } = [];

    /// <summary>The mean of ∇L_m(w)·(w − w*) over the updates to each draw, per chain and draw; empty if not measured.</summary>
    public IReadOnlyList<double[]> Pull { get; init; } = [];

    /// <summary>The mean of ‖w − w*‖² over the updates to each draw, per chain and draw; empty if not measured.</summary>
    public IReadOnlyList<double[]> SquaredDistance { get; init; } = [];

    /// <summary>‖w' − w‖/‖w − w*‖ of the first companion at each draw, per chain and draw; NaN without companions.</summary>
    public IReadOnlyList<double[]> ShadowDistance { get; init; } = [];

    /// <summary>‖w*‖ of the component's weights, which a prior around 0 pulls back.</summary>
    public double OriginNorm { get; init; }

    /// <summary>
    /// The chains that were sampled; all unless the report is one of several over the same component. What is said of others is NaN or
    /// null.
    /// </summary>
    public ChainRange Range { get; init; } = ChainRange.All(Options);

    /// <summary>The chains that estimates use, in order.</summary>
    public IReadOnlyList<int> HealthyChains =>
        [.. Enumerable.Range(Range.First, Range.Count).Where(chain => Failures.All(failure => failure.Chain != chain))];

    /// <summary>P per healthy pair of antithetic chains (their mean) or healthy chain, and draw.</summary>
    public double[][] HealthyTrace => HealthySeries((chain, draw) => Trace[chain][draw]);

    /// <summary>Numbers per draw of every healthy chain, averaged over the two of a pair where chains are antithetic.</summary>
    /// <param name="value">The number of a chain and a draw.</param>
    public double[][] HealthySeries(Func<int, int, double> value)
    {
        int chains = Options.ChainsPerUnit;
        return
        [
            .. HealthyChains
                .Where(chain => chain % chains == 0)
                .Select(first =>
                    Enumerable
                        .Range(0, Options.Draws)
                        .Select(draw => Enumerable.Range(first, chains).Sum(chain => value(chain, draw)) / chains)
                        .ToArray()
                ),
        ];
    }

    /// <summary>The report of a finished run.</summary>
    /// <exception cref="InvalidOperationException">The run has draws left.</exception>
    public static ComponentReport Of(ComponentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.Finished)
        {
            throw new InvalidOperationException("The run has draws left.");
        }

        return new ComponentReport(
            run.Component.Name,
            run.Component.Surface.Dimension,
            run.Options,
            run.Component.InitLoss,
            run.Component.NullLine,
            [.. run.Trace.Select(row => (double[])row.Clone())],
            [.. Enumerable.Range(0, run.Options.Chains).Select(run.Distance)],
            run.Failures
        )
        {
            Acceptance = [.. Enumerable.Range(0, run.Options.Chains).Select(run.Acceptance)],
            Pull = [.. run.Pull.Select(row => (double[])row.Clone())],
            SquaredDistance = [.. run.SquaredDistance.Select(row => (double[])row.Clone())],
            ShadowDistance = [.. run.ShadowDistance.Select(row => (double[])row.Clone())],
            OriginNorm = run.OriginNorm,
            Range = run.Range,
        };
    }

    /// <summary>The report of all chains, from those of ranges of them.</summary>
    /// <param name="parts">The reports, in any order.</param>
    /// <exception cref="InputException">A chain is missing or there twice, or the reports are not of one component and setting.</exception>
    public static ComponentReport Merge(IEnumerable<ComponentReport> parts)
    {
        ComponentReport[] ordered = [.. parts.OrderBy(part => part.Range.First)];
        ComponentReport first = ordered[0];
        int expected = 0;
        foreach (ComponentReport part in ordered)
        {
            if (
                (part.Component, part.Dimension, part.Options, part.InitLoss)
                != (first.Component, first.Dimension, first.Options, first.InitLoss)
            )
            {
                throw new InputException(
                    $"the chains of {part.Component} come from different models, data or settings: they are not merged."
                );
            }

            Expect(part, expected);
            expected = part.Range.End;
        }

        if (expected != first.Options.Chains)
        {
            throw new InputException($"{first.Component}: chains {expected} to {first.Options.Chains - 1} are missing.");
        }

        return first with
        {
            Range = ChainRange.All(first.Options),
            Trace = Rows(part => part.Trace),
            Distances = Rows(part => part.Distances),
            Failures = [.. ordered.SelectMany(part => part.Failures)],
            Acceptance = Rows(part => part.Acceptance),
            Pull = Rows(part => part.Pull),
            SquaredDistance = Rows(part => part.SquaredDistance),
            ShadowDistance = Rows(part => part.ShadowDistance),
        };

        List<T> Rows<T>(Func<ComponentReport, IReadOnlyList<T>> rows) =>
            [.. ordered.SelectMany(part => rows(part).Skip(part.Range.First).Take(part.Range.Count))];
    }

    private static void Expect(ComponentReport part, int chain)
    {
        if (part.Range.First != chain)
        {
            throw new InputException(
                part.Range.First > chain
                    ? $"{part.Component}: chains {chain} to {part.Range.First - 1} are missing."
                    : $"{part.Component}: chain {part.Range.First} is there twice."
            );
        }
    }
}

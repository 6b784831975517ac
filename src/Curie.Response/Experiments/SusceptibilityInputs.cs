using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Sampling;
using Curie.Sampling.Networks;
using Curie.Text.Packing;

namespace Curie.Response.Experiments;

/// <summary>Everything that defines a susceptibility experiment.</summary>
public sealed record SusceptibilityInputs
{
    /// <summary>w*.</summary>
    public required ParameterSet Model { get; init; }

    /// <summary>The rows whose loss defines the posterior.</summary>
    public required TokenRows Data { get; init; }

    /// <summary>Which positions of <see cref="Data"/> count, in minibatches, P and L0. Default null: all.</summary>
    public CountedPositions? CountedPositions { get; init; }

    /// <summary>The components; <c>full</c> is added for the two-run estimator if it is not among them.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The probes, at least one.</summary>
    public required IReadOnlyList<ProbeInput> Probes { get; init; }

    /// <summary>The sampler's settings.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>How the covariance is estimated. Default as the response of coupled chains.</summary>
    public CovarianceEstimator Covariance { get; init; } = CovarianceEstimator.Response;

    /// <summary>What is observed. Default null: P, the mean loss of the loss rows.</summary>
    public ObservableInput? Observable { get; init; }

    /// <summary>
    /// s, the strength of the shadows' perturbation in units of nβ. Default null: chosen for each component
    /// (<see cref="PerturbationChoice"/>).
    /// </summary>
    public double? PerturbationStrength { get; init; }

    /// <summary>
    /// K, the loss rows that give the perturbation's gradient at an update. Default null: chosen from the memory of the chains.
    /// </summary>
    public int? PerturbationRows { get; init; }

    /// <summary>
    /// The pairs of independent draws of the localisation's Gaussian, the first of two levels. Default 8; 0 for none, and no levels.
    /// </summary>
    public int GaussianPairs { get; init; } = 8;

    /// <summary>
    /// The draws of each chain of `full`, a multiple of those of the components. Default null: four times as many where the covariance is a
    /// response, otherwise as many.
    /// </summary>
    public int? FullDraws { get; init; }

    /// <summary>Rows per minibatch. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The order of minibatches. Default shuffled.</summary>
    public RowOrder Order { get; init; } = RowOrder.Shuffled;

    /// <summary>So many rows of <see cref="Data"/> give P and L0. Default 64; null for all.</summary>
    public int? LossRows { get; init; } = 64;

    /// <summary>Which. Default the first.</summary>
    public RowChoice LossRowsChoice { get; init; }

    /// <summary>The bytes that the whole run may take. Default 4 GiB.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>
    /// A component in progress is saved at a draw when so much time has passed; at most that much work and a draw is lost. Default 20 s.
    /// </summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The configuration with every default filled in, for the manifest.</summary>
    public required JsonElement Configuration { get; init; }

    /// <summary>Identifies configuration, model and data, so that a run is not continued with others.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The number of loss rows: as asked for, or all there are.</summary>
    internal int LossRowCount => Math.Min(LossRows ?? Data.Count, Data.Count);

    /// <summary>The rows of <see cref="Data"/> that give P and L0, ascending.</summary>
    internal int[] LossRowIndices => ChosenRows.Of(LossRowsChoice, Data.Count, LossRows, ChosenRows.LossRows);

    /// <summary>The rows that give the observable's gradient, at most.</summary>
    internal int ObservableRowCount =>
        Observable is { } observable && Probes.FirstOrDefault(probe => probe.Name == observable.Probe) is { } probe
            ? Math.Min(probe.RowLimit ?? probe.Rows.Count, probe.Rows.Count)
            : LossRowCount;

    /// <summary>The rows that give the observable's gradient.</summary>
    /// <param name="observed">The tokens that are observed; null where that is P.</param>
    /// <param name="count">How many of the rows at an update.</param>
    internal ObservableRows ObservableRows(ObservedTokens? observed, int count) =>
        observed is null
            ? new ObservableRows(Data, LossRowIndices, count, Sampling.Chains, Sampling.ChainSeed)
            {
                Weights = CountedPositions?.Weights(LossRowIndices),
            }
            : observed.Rows(count, Sampling.Chains, Sampling.ChainSeed);

    /// <summary>How much each prediction of the data counts in the loss of a minibatch; null for all alike.</summary>
    internal LossWeights? MinibatchWeights => CountedPositions?.Weights([.. Enumerable.Range(0, Data.Count)]);

    /// <summary>
    /// Whether the covariance of a component is measured as a response: always but of `full`, which must be named for it.
    /// </summary>
    internal bool HasResponse(Component component, ExperimentDesign design) =>
        design.Estimator == CovarianceEstimator.Response && (!component.IsFull || Components.Any(other => other.IsFull));

    /// <summary>What goes beside the chains of a component, as far as it costs.</summary>
    internal ChainCompany CompanyOf(Component component, ExperimentDesign design)
    {
        bool response = HasResponse(component, design);
        int factor = component.IsFull ? design.FullDrawFactor : 1;
        int companions = (response ? 2 : 0) + (design.HasLevels ? 1 : 0);
        double evaluations = (response ? 1 : 0) + (design.HasLevels ? 1.0 / (ComponentCompany.LossFreeInterval * factor) : 0);
        long anchors = response ? PerturbationChoice.AnchorBytes(ObservableRowCount, component.Restriction.Dimension) : 0;
        return companions == 0
            ? ChainCompany.None with
            {
                DrawFactor = factor,
            }
            : new ChainCompany(companions, response ? 1 : 0, response ? 1 : 0, design.ObservableRows, evaluations, anchors)
            {
                FirstChainGradients = response ? 1 : 0,
                DrawFactor = factor,
                IndependentEvaluations = design.HasLevels ? 2.0 * GaussianPairs * (response ? 2 : 1) : 0,
            };
    }

    /// <summary>Checks what can be checked before any work.</summary>
    /// <exception cref="InputException">A setting does not fit the model or the data.</exception>
    public void Validate()
    {
        (Sampling.WhyUncoupled() is null ? Sampling : Sampling with { Antithetic = false }).Validate();
        if (Probes.Count == 0)
        {
            throw new InputException("probes: there is none; name at least one file of token rows whose response is to be measured.");
        }

        if (Probes.GroupBy(probe => probe.Name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new InputException(
                $"probes: the name {repeated.Key} is used {Counted.Of(repeated.Count(), "time")}; give every probe its own."
            );
        }

        if (Observable is { } observable && Probes.All(probe => probe.Name != observable.Probe))
        {
            throw new InputException(
                $"sampling.observable: there is no probe {observable.Probe}; name one of "
                    + $"{string.Join(", ", Probes.Select(probe => probe.Name))}."
            );
        }

        if (Components.All(component => component.IsFull))
        {
            throw new InputException(
                "sampling.components: only full is there, which has no susceptibility of its own; add heads or another component."
            );
        }

        if ((long)Sampling.Draws * Sampling.Units < 2)
        {
            throw new InputException(
                "sampling: a single chain, or a single antithetic pair, of one draw has no standard error; give more draws or more chains."
            );
        }

        if (
            !(PerturbationStrength is null or > 0 and < double.PositiveInfinity)
            || PerturbationRows < 1
            || GaussianPairs < 0
            || GaussianPairs == 1
            || FullDraws < 1
        )
        {
            throw new InputException(
                "sampling: perturbation_strength must be above 0, perturbation_rows at least 1 and gaussian_pairs 0 or at least 2, and "
                    + "full_draws at least 1; leave them out and the program chooses."
            );
        }

        if (BatchSize < 1 || LossRows < 1)
        {
            throw new InputException("sampling: batch_size and loss_rows must be at least 1; the defaults are 16 and 64.");
        }

        CountedChecks.Check(CountedPositions, Data, LossRowIndices);
    }
}

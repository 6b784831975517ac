using System.Globalization;
using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Sampling;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>What an experiment really does, once everything that its inputs leave to the program is decided.</summary>
public sealed record ExperimentDesign
{
    /// <summary>How many times the response's memory a burn-in lasts at least: what is missing of the response then is e⁻³.</summary>
    private const double MemoriesOfBurnIn = 3;

    /// <summary>How many times the response's memory a batch of draws lasts at least.</summary>
    private const double MemoriesOfBatch = 4;

    /// <summary>
    /// Four times as many draws of `full` bring its share of χ's variance, measured at .9 and more of it on small models, down to where it
    /// no longer outweighs all else,
    /// for a fraction of the time that sixteen heads take.
    /// </summary>
    internal const int DefaultFullDrawFactor = 4;

    private ExperimentDesign(SamplingOptions sampling, CovarianceEstimator estimator)
    {
        Sampling = sampling;
        Estimator = estimator;
    }

    /// <summary>How chains move.</summary>
    public SamplingOptions Sampling { get; }

    /// <summary>How the covariance is estimated.</summary>
    public CovarianceEstimator Estimator { get; }

    /// <summary>How the draws of a pair of chains, or of a chain, are cut into batches.</summary>
    public BatchPlan Batches { get; private init; }

    /// <summary>K, the rows that give the observable's gradient at an update.</summary>
    public int ObservableRows { get; private init; }

    /// <summary>The burn-in that was asked for, where it was too short and has been lengthened; otherwise null.</summary>
    public int? BurnInAsked { get; private init; }

    /// <summary>
    /// How many times as many draws `full` makes as the other components. F enters χ of every component, times E_C[φ], and makes up most of
    /// χ's sampling error, while
    /// one component more costs little beside the others.
    /// </summary>
    public int FullDrawFactor { get; private init; } = 1;

    /// <summary>Whether the two levels, the localisation's Gaussian and what the loss adds to it, are measured apart.</summary>
    public bool HasLevels { get; private init; }

    /// <summary>What was decided otherwise than asked for, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>
    /// The updates after which a shadow has forgotten a share 1 − 1/e of its past, 1/(εκ/2) with κ = γ + δ: the localisation contracts by 1
    /// − εκ/2 an update. Infinite
    /// where nothing contracts.
    /// </summary>
    public static double Memory(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return 2 / (options.StepSize * options.LargestPreconditioner * (options.Localization + options.WeightDecay));
    }

    /// <summary>How the covariance of a component is estimated: `full` has no shadow unless its covariance was asked for.</summary>
    internal static CovarianceEstimator EstimatorOf(ComponentCompany company) =>
        company.Shadow is null ? CovarianceEstimator.Product : CovarianceEstimator.Response;

    /// <summary>The design as it is for a component: `full` may make more draws, in as many batches.</summary>
    internal ExperimentDesign For(Component component)
    {
        if (!component.IsFull || FullDrawFactor == 1)
        {
            return this;
        }

        int draws = checked(Sampling.Draws * FullDrawFactor);
        return new ExperimentDesign(Sampling with { Draws = draws }, Estimator)
        {
            Batches = Batches.Repeated(FullDrawFactor),
            ObservableRows = ObservableRows,
            BurnInAsked = BurnInAsked,
            HasLevels = HasLevels,
            Notes = Notes,
        };
    }

    /// <summary>The burn-in that chains have at least, in updates; 0 where nothing contracts.</summary>
    internal static int LeastBurnIn(SamplingOptions options)
    {
        double memory = Memory(options);
        return double.IsFinite(memory) ? (int)Math.Min(int.MaxValue, Math.Ceiling(MemoriesOfBurnIn * memory)) : 0;
    }

    /// <summary>How draws are cut into batches: longer than the response's memory where there is a response.</summary>
    internal static BatchPlan BatchesOf(SamplingOptions options, CovarianceEstimator estimator)
    {
        double memory = estimator == CovarianceEstimator.Response ? Memory(options) / options.StepsBetweenDraws : 0;
        return BatchPlan.ForDraws(options.Draws, options.Units, (int)Math.Min(int.MaxValue, Math.Ceiling(MemoriesOfBatch * memory)));
    }

    /// <summary>Decides.</summary>
    /// <exception cref="Numerics.InputException">A setting is out of range.</exception>
    public static ExperimentDesign Of(SusceptibilityInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        List<string> notes = [];
        SamplingOptions sampling = inputs.Sampling;
        CovarianceEstimator estimator = inputs.Covariance;
        if (sampling.WhyUncoupled() is { } reason && (estimator == CovarianceEstimator.Response || sampling.Antithetic))
        {
            notes.Add(
                "The covariance is measured as a product of fluctuations of single "
                    + $"chains{(sampling.Antithetic ? ", which are not paired" : "")}, because {reason}."
            );
            estimator = CovarianceEstimator.Product;
            sampling = sampling with { Antithetic = false };
        }

        sampling.Validate();
        int least = LeastBurnIn(sampling);
        int? asked = null;
        if (sampling.BurnIn < least)
        {
            string why = string.Create(
                CultureInfo.InvariantCulture,
                $"chains forget the checkpoint, where they start, in {Memory(sampling):0.#} updates (2 over step_size times localization)"
            );
            if (estimator == CovarianceEstimator.Response)
            {
                asked = sampling.BurnIn;
                sampling = sampling with { BurnIn = least };
                notes.Add(
                    $"burn_in is {sampling.BurnIn} in place of {asked}: {why}, and a response takes three times as many to build up."
                );
            }
            else
            {
                notes.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"burn_in is {sampling.BurnIn}: {why}, and the first draws remember it; {least} are enough."
                    )
                );
            }
        }

        bool coupled = sampling.WhyUncoupled() is null;
        return new ExperimentDesign(sampling, estimator)
        {
            Batches = BatchesOf(sampling, estimator),
            ObservableRows =
                estimator == CovarianceEstimator.Response
                    ? Math.Min(
                        inputs.ObservableRowCount,
                        inputs.PerturbationRows ?? Curie.Sampling.Networks.ObservableRows.Choose(sampling)
                    )
                    : 0,
            BurnInAsked = asked,
            FullDrawFactor = FactorOf(inputs, estimator),
            HasLevels = coupled && sampling.NBeta > 0 && inputs.GaussianPairs > 0,
            Notes = notes,
        };
    }

    private static int FactorOf(SusceptibilityInputs inputs, CovarianceEstimator estimator)
    {
        int draws = inputs.Sampling.Draws;
        if (inputs.FullDraws is not { } asked)
        {
            return estimator == CovarianceEstimator.Response ? DefaultFullDrawFactor : 1;
        }

        return asked % draws == 0
            ? asked / draws
            : throw new InputException(
                $"sampling.full_draws is {asked} and sampling.draws {draws}: give a multiple of draws, since every draw of a component "
                    + "stands beside as many of full."
            );
    }
}

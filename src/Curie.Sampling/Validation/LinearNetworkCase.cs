using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.LearningTheory;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// nβE[K] of a linear network on its population loss. The learning coefficient (<see cref="DeepLinearNetwork"/>; of two layers,
/// <see cref="ReducedRankRegression"/>) is its limit as nβ → ∞; at a finite nβ an exact sampler (<see cref="LinearNetworkGibbs"/>) says
/// what to expect, with the first-order effect of the step.
/// </summary>
public sealed class LinearNetworkCase : IValidationCase
{
    private const int Sweeps = 8000;
    private const int FirstSweeps = 400;
    private const int LargestWidth = 20;
    private readonly LinearNetworkSurface _surface;
    private readonly LearningTruth _truth;
    private readonly bool _hasStepEffect;

    /// <summary>Creates the case; nβ = 1000/ln 1000 and γ = 1 unless given, and ε a tenth of what the steepest direction bears.</summary>
    /// <param name="widths">All widths from input to output; three are reduced-rank regression.</param>
    /// <param name="rank">The rank of the true map.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public LinearNetworkCase(ReadOnlySpan<int> widths, int rank, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _truth = DeepLinearNetwork.Truth(widths, rank);
        int[] layers = widths.ToArray();
        if (layers.Max() > LargestWidth)
        {
            throw new InputException(
                $"a validation takes networks of widths up to {LargestWidth}, and {layers.Max()} is given: larger ones would take hours."
            );
        }

        _surface = new LinearNetworkSurface(widths, rank);
        double nbeta = settings.NBeta ?? (1000 / Math.Log(1000));
        double localization = settings.Localization ?? 1;
        if (!(nbeta > 0 && localization > 0))
        {
            throw new InputException("a linear network has flat directions: give an nbeta and a localization above 0.");
        }

        LinearNetworkGibbs gibbs = new(_surface, nbeta, localization, settings.Seed);
        double steepest = 0;
        for (int sweep = 0; sweep < FirstSweeps; sweep++)
        {
            gibbs.Sweep();
            steepest = Math.Max(steepest, gibbs.Steepest);
        }

        SamplingOptions defaults = new()
        {
            StepSize = 0.2 / steepest,
            NBeta = nbeta,
            Localization = localization,
            Draws = 400,
        };
        Options = settings.Resolve(defaults, localization);
        _hasStepEffect = settings.HasStepEffect;
        Name =
            layers.Length == 3
                ? $"reduced-rank regression {string.Join(',', layers)}, rank {rank}{settings.Suffix}"
                : $"linear network {string.Join(',', layers)}, rank {rank}{settings.Suffix}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        MeanEstimate expected = Expected(cancellation);
        (MeanEstimate estimate, IReadOnlyList<ChainFailure> failures) = SampledCase.Coefficient(
            Name,
            _surface,
            1,
            Options,
            kernels,
            cancellation
        );
        ValidationQuantity quantity = ValidationQuantity.Of(
            "nβE[K]",
            _truth.Coefficient.ToDouble(),
            expected.Mean,
            estimate,
            expected.StandardError
        );
        return new ValidationResult(Name, Options, [quantity], 1, _truth.Multiplicity, failures);
    }

    /// <summary>E[nβK] + (ε/2)·Cov(nβK, f) over Gibbs' sweeps, f the step's change of the law.</summary>
    private MeanEstimate Expected(CancellationToken cancellation)
    {
        LinearNetworkGibbs gibbs = new(_surface, Options.NBeta, Options.Localization, Options.Seed);
        double[] losses = new double[Sweeps];
        double[] changes = new double[Sweeps];
        for (int sweep = -FirstSweeps; sweep < Sweeps; sweep++)
        {
            cancellation.ThrowIfCancellationRequested();
            gibbs.Sweep();
            if (sweep >= 0)
            {
                losses[sweep] = gibbs.Loss();
                changes[sweep] = gibbs.StepChange();
            }
        }

        double loss = losses.Average();
        double change = changes.Average();
        double half = _hasStepEffect ? Options.StepSize / 2 : 0;
        return BatchMeans.Estimate([.. losses.Zip(changes, (k, f) => k + (half * (k - loss) * (f - change)))]);
    }
}

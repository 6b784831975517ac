using System.Globalization;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Sampling.Networks;

/// <summary>
/// Chooses the perturbation of each component of a group from the gradients of P at w* + N(0, σ0²), σ0² the localisation's variance: at w*
/// itself ∇P can vanish.
/// A shadow is displaced by s·‖∇P‖/κ, κ = γ + δ, beside a chain at σ0·√d; s makes that a share ρ of it, small enough for the response to be
/// linear, and
/// large enough for the difference of two losses in float32 to be seen. The choice is a function of seed, model and settings alone.
/// </summary>
public sealed class PerturbationChoice : IDisposable
{
    /// <summary>
    /// ρ. The response at s and at −s differs by about ten times as much (the second derivative of the losses along the displacement).
    /// </summary>
    private const double SmallDisplacement = 3e-4;

    /// <summary>The displacement that is not exceeded for the sake of float32's resolution.</summary>
    private const double LargeDisplacement = 1e-2;

    /// <summary>How many units of float32's rounding of a loss the shadow's change of P is worth at least.</summary>
    private const double LeastResolution = 1000;

    /// <summary>The rows of P that the choice looks at.</summary>
    private const int MostRows = 32;

    /// <summary>The bytes that one component's row gradients at w* may take.</summary>
    private const long MostAnchorBytes = 32L << 20;

    /// <summary>The correction is made where it leaves less than this share of the rows' scatter.</summary>
    private const double LargestScatterLeft = 0.8;

    private readonly IRestrictedGroup _group;
    private readonly ObservableRows _observable;
    private readonly SamplingOptions _options;
    private readonly PointGradients _gradients;
    private readonly RowAnchors?[] _anchors;

    /// <summary>Chooses for every component of a group.</summary>
    /// <param name="group">The components.</param>
    /// <param name="observable">P.</param>
    /// <param name="options">How chains move.</param>
    /// <param name="kernels">Makes the noise.</param>
    /// <param name="initLoss">L0, nats: the losses whose resolution counts.</param>
    /// <param name="given">s, where it is given and not chosen.</param>
    internal PerturbationChoice(
        IRestrictedGroup group,
        ObservableRows observable,
        SamplingOptions options,
        Kernels kernels,
        double initLoss,
        double? given
    )
    {
        _group = group;
        _observable = observable;
        _options = options;
        _gradients = new PointGradients(group);
        _anchors = new RowAnchors?[group.Components.Count];
        Chosen = [.. Enumerable.Range(0, group.Components.Count).Select(place => Choose(place, kernels, initLoss, given))];
    }

    /// <summary>One perturbation for each component.</summary>
    public IReadOnlyList<Perturbation> Chosen { get; }

    /// <summary>The bytes that the row gradients of a component at w* take; 0 where it has none.</summary>
    public static long AnchorBytes(int rows, int dimension)
    {
        long bytes = (long)(rows + 1) * dimension * sizeof(float);
        return bytes <= MostAnchorBytes ? bytes : 0;
    }

    /// <summary>The row gradients of a component at w*; null where its gradients are not corrected.</summary>
    internal RowAnchors? Anchors(int place) => _anchors[place];

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_anchors, anchors => anchors?.Dispose());

    private Perturbation Choose(int place, Kernels kernels, double initLoss, double? given)
    {
        int dimension = _group.Components[place].Restriction.Dimension;
        using AlignedBuffer<float> weights = new(dimension);
        using AlignedBuffer<float> gradient = new(dimension);
        RowAnchors? anchors =
            AnchorBytes(_observable.Indices.Count, dimension) > 0 ? new RowAnchors(_observable.Indices.Count, dimension) : null;
        if (anchors is not null)
        {
            _group.CopyOrigin(place, weights.Span);
            for (int row = 0; row < _observable.Indices.Count; row++)
            {
                Gradient(place, row, weights, gradient);
                gradient.Span.CopyTo(anchors.Row(row));
            }

            anchors.Complete();
        }

        MoveAway(place, kernels, weights);
        Scatter plain = new(dimension);
        Scatter corrected = new(dimension);
        for (int row = 0; row < Math.Min(MostRows, _observable.Indices.Count); row++)
        {
            Gradient(place, row, weights, gradient);
            plain.Add(gradient.Span, []);
            if (anchors is not null)
            {
                corrected.Add(gradient.Span, anchors.Row(row));
            }
        }

        bool correct = anchors is not null && corrected.Variance < LargestScatterLeft * plain.Variance;
        if (correct)
        {
            _anchors[place] = anchors;
        }
        else
        {
            anchors?.Dispose();
        }

        double distance = _options.LocalizationDistance(dimension)!.Value;
        double perUnit = plain.MeanNorm / ((_options.Localization + _options.WeightDecay) * distance);
        double slope = plain.MeanNorm * distance;
        double strength = given ?? Strength(perUnit, slope, initLoss);
        Perturbation chosen = new(strength, correct, strength * perUnit, strength * perUnit * slope / Math.ScaleB(initLoss, -24));
        return given is null ? chosen : Checked(chosen, place, perUnit);
    }

    /// <summary>
    /// s for a displacement of <paramref name="perUnit"/> and a change of P of <paramref name="slope"/> times the displacement per unit.
    /// </summary>
    private static double Strength(double perUnit, double slope, double initLoss)
    {
        if (perUnit == 0)
        {
            return 1;
        }

        double resolved = LeastResolution * Math.ScaleB(initLoss, -24) / slope;
        double displacement = Math.Clamp(resolved, SmallDisplacement, LargeDisplacement);

        // A power of two: nothing is lost when it is multiplied and divided by, and small changes elsewhere do not show.
        return Math.ScaleB(1, (int)Math.Round(Math.Log2(displacement / perUnit)));
    }

    /// <summary>Refuses a given strength by which nothing is measured.</summary>
    private Perturbation Checked(Perturbation perturbation, int place, double perUnit)
    {
        string name = _group.Components[place].Name;
        if (perturbation.Displacement > Perturbation.LargestDisplacement)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sampling.perturbation_strength is {perturbation.Strength:G4}, which would take the shadows of {name} "
                        + $"{perturbation.Displacement:G3} times as far from their chains as these are from the checkpoint: give at most "
                        + $"{Perturbation.LargestDisplacement / perUnit:G2}, or leave it out and the program chooses."
                )
            );
        }

        return perUnit == 0 || perturbation.Resolution >= 1
            ? perturbation
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sampling.perturbation_strength is {perturbation.Strength:G4}, which changes the loss of {name} by less than "
                        + $"float32 resolves: give at least {LeastResolved(perturbation):G2}, or leave it out and the program chooses."
                )
            );
    }

    private static double LeastResolved(Perturbation perturbation) =>
        perturbation.Strength * Perturbation.LeastResolution / perturbation.Resolution;

    private void Gradient(int place, int row, AlignedBuffer<float> weights, AlignedBuffer<float> gradient)
    {
        double loss = 0;
        _gradients.At(
            _observable.Rows,
            [_observable.Indices[row]],
            [new SurfacePoint(place, weights, gradient)],
            new Span<double>(ref loss),
            _observable.Weights
        );
    }

    /// <summary>w* + N(0, σ0²).</summary>
    private void MoveAway(int place, Kernels kernels, AlignedBuffer<float> weights)
    {
        int dimension = (int)weights.Length;
        using AlignedBuffer<float> noise = new(dimension);
        PhiloxKey key = PhiloxKey.Derive(_options.ChainSeed, RandomPurpose.Perturbation, _group.Components[place].Name);
        kernels.FillGaussian(key, 0, 0, noise.Span);
        float deviation = (float)(_options.LocalizationDistance(dimension)!.Value / Math.Sqrt(dimension));
        _group.CopyOrigin(place, weights.Span);
        for (int i = 0; i < dimension; i++)
        {
            weights.Span[i] += deviation * noise.Span[i];
        }
    }

    /// <summary>The mean and the scatter of rows' gradients.</summary>
    private sealed class Scatter(int dimension)
    {
        private readonly double[] _sum = new double[dimension];
        private double _squares;
        private int _rows;

        /// <summary>‖mean‖.</summary>
        public double MeanNorm => Math.Sqrt(_sum.Sum(one => one * one)) / _rows;

        /// <summary>The mean square distance from the mean.</summary>
        public double Variance => Math.Max(0, (_squares / _rows) - (MeanNorm * MeanNorm));

        public void Add(ReadOnlySpan<float> gradient, ReadOnlySpan<float> anchor)
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                double value = anchor.IsEmpty ? gradient[i] : (double)gradient[i] - anchor[i];
                _sum[i] += value;
                _squares += value * value;
            }

            _rows++;
        }
    }
}

using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// The largest eigenvalue of the loss's second derivatives at w* over a component's weights, from below: by power iteration, Hv =
/// [∇L(w* + t·v) − ∇L(w* − t·v)]/(2t), the largest vᵀHv of a few steps. In nats per squared weight.
/// </summary>
public static class LargestCurvature
{
    /// <summary>Each takes two gradients; after so many the quotient is within a few hundredths where the largest stands out.</summary>
    private const int Iterations = 10;

    /// <summary>
    /// t, as a share of ‖w*‖: the length at which float32 gradients, off by 2⁻²⁴ of themselves, and third derivatives disturb least.
    /// </summary>
    private const double Step = 5e-3;

    /// <summary>Measures.</summary>
    /// <param name="network">The network at w*.</param>
    /// <param name="component">Whose weights vary.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="batch">Which of them give the loss.</param>
    /// <param name="weights">How much each prediction counts; null for all alike.</param>
    /// <param name="seed">The seed of the first direction.</param>
    /// <param name="kernels">Makes it.</param>
    /// <param name="cancellation">Stops between two gradients.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static double Measure(
        FrozenNetwork network,
        Component component,
        TokenRows rows,
        ReadOnlySpan<int> batch,
        LossWeights? weights,
        long seed,
        Kernels kernels,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(kernels);
        int dimension = component.Restriction.Dimension;
        using IRestrictedGroup group = RestrictedGroups.Create(network, [component], 1);
        using AlignedBuffer<float> origin = new(dimension);
        using AlignedBuffer<float> direction = new(dimension);
        using AlignedBuffer<float> point = new(dimension);
        using AlignedBuffer<float> forward = new(dimension);
        using AlignedBuffer<float> backward = new(dimension);
        group.CopyOrigin(0, origin.Span);
        kernels.FillGaussian(PhiloxKey.Derive(seed, RandomPurpose.Curvature, component.Name), 0, 0, direction.Span);
        double norm = Norm(origin.Span);
        double length = Step * (norm > 0 ? norm : 1);
        double largest = 0;
        double[] loss = new double[1];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Scale(direction.Span, 1 / Norm(direction.Span));
            Gradient(length, forward, batch);
            Gradient(-length, backward, batch);
            double quotient = 0;
            for (int i = 0; i < dimension; i++)
            {
                float product = (float)(((double)forward.Span[i] - backward.Span[i]) / (2 * length));
                quotient += (double)direction.Span[i] * product;
                direction.Span[i] = product;
            }

            largest = Math.Max(largest, quotient);
            if (!(Norm(direction.Span) > 0))
            {
                break;
            }
        }

        return largest;

        void Gradient(double distance, AlignedBuffer<float> into, ReadOnlySpan<int> indices)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < dimension; i++)
            {
                point.Span[i] = (float)(origin.Span[i] + (distance * direction.Span[i]));
            }

            group.Load(0, 0, point.Span);
            group.LossesAndGradients(rows, indices, [new LoadedWeights(0, 0)], loss, [into], weights);
        }
    }

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }

    private static void Scale(Span<float> values, double factor)
    {
        foreach (ref float value in values)
        {
            value = (float)(value * factor);
        }
    }
}

using Curie.Networks.Restricted;
using Curie.Response.Runs;

namespace Curie.Response.Experiments;

/// <summary>
/// The covariance part as it would be if every loss were linear around w* and the localisation alone held the weights, N(w*, σ0²·I) on the
/// component:
/// <code>
/// a_i = −σ0²·g_A·(g_i − g_P),    g_A = ∇A(w*),  g_P = ∇P(w*),  g_i = ∇ℓ_i(w*)
/// </code>
/// in nats², A being the observable, which is P unless another is named, and σ0²
/// <see cref="Curie.Sampling.SamplingOptions.LocalizationVariance"/>. No sampling is needed:
/// g_i·g_A is ‖g_A‖ times the derivative of ℓ_i along <see cref="SteepestDirection"/>, for all tokens at once from two evaluations; so is
/// g_P·g_A, which is ‖g_P‖² where A is P.
/// </summary>
/// <remarks>Source: −Cov(φ, ℓ_i − P) to first order in w − w*.</remarks>
internal sealed class GradientAlignment(SusceptibilityInputs inputs, IReadOnlyList<ProbeSelection> selections, ObservedTokens? observed)
{
    /// <summary>The bytes that a component's prediction takes until it is stored.</summary>
    public static long BytesFor(RunShape shape) => (long)sizeof(float) * shape.Tokens;

    /// <summary>Predicts the covariance part of every component of a group; slot 0 of each is taken.</summary>
    /// <param name="group">The components.</param>
    /// <param name="frozenMemory">The bytes of frozen activations that may be kept meanwhile.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    /// <returns>a_i by component and token; null where there is no prediction: nothing moves the weights or holds them, or the component is
    /// `full`.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<float[]>? Predict(IRestrictedGroup group, long frozenMemory, CancellationToken cancellation)
    {
        if (inputs.Sampling.LocalizationVariance is not { } variance || variance == 0 || group.Components is [{ IsFull: true }])
        {
            return null;
        }

        SteepestDirection[] directions = SteepestDirection.Of(group, inputs.ObservableRows(observed, 1), inputs.BatchSize, cancellation);
        try
        {
            using ProbeLosses probes = new(group, selections, frozenMemory);
            double[] lengths = [.. directions.Select(direction => direction.StepLength)];
            float[][] alignments = Derivatives(probes, directions, lengths, cancellation);
            double[] means = observed is null
                ? [.. directions.Select(direction => direction.Slope)]
                : MeanDerivatives(group, directions, lengths, cancellation);
            for (int component = 0; component < directions.Length; component++)
            {
                double slope = directions[component].Slope;
                foreach (ref float value in alignments[component].AsSpan())
                {
                    value = (float)(-variance * slope * (value - means[component]));
                }
            }

            return alignments;
        }
        finally
        {
            Array.ForEach(directions, direction => direction.Dispose());
        }
    }

    /// <summary>[ℓ_i(w* + h·u) − ℓ_i(w* − h·u)]/(2h) of every followed token, by component and token, nats per unit of weight.</summary>
    /// <param name="probes">Evaluates the followed tokens of the group.</param>
    /// <param name="directions">u of every component of the group.</param>
    /// <param name="lengths">h of every component.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    internal static float[][] Derivatives(
        ProbeLosses probes,
        IReadOnlyList<SteepestDirection> directions,
        IReadOnlyList<double> lengths,
        CancellationToken cancellation
    )
    {
        LoadedWeights[] points = [.. directions.Select((_, component) => new LoadedWeights(component, 0))];
        Evaluate(sign: 1);
        float[][] derivatives = [.. points.Select(point => probes.Losses(point.Component).ToArray())];
        Evaluate(sign: -1);
        foreach (LoadedWeights point in points)
        {
            float[] forward = derivatives[point.Component];
            ReadOnlySpan<float> backward = probes.Losses(point.Component);
            for (int i = 0; i < forward.Length; i++)
            {
                forward[i] = (float)(((double)forward[i] - backward[i]) / (2 * lengths[point.Component]));
            }
        }

        return derivatives;

        void Evaluate(int sign)
        {
            cancellation.ThrowIfCancellationRequested();
            Move(directions, lengths, sign);
            probes.Evaluate(points);
        }
    }

    /// <summary>[P(w* + h·u) − P(w* − h·u)]/(2h) of every component, nats per unit of weight.</summary>
    private double[] MeanDerivatives(
        IRestrictedGroup group,
        SteepestDirection[] directions,
        double[] lengths,
        CancellationToken cancellation
    )
    {
        LoadedWeights[] points = [.. directions.Select((_, component) => new LoadedWeights(component, 0))];
        using MeanLoss meanLoss = new(group, inputs.Data, inputs.LossRowIndices, points.Length, frozenMemory: 0, inputs.CountedPositions);
        double[] forward = Evaluate(sign: 1);
        double[] backward = Evaluate(sign: -1);
        return [.. forward.Select((loss, component) => (loss - backward[component]) / (2 * lengths[component]))];

        double[] Evaluate(int sign)
        {
            cancellation.ThrowIfCancellationRequested();
            Move(directions, lengths, sign);
            meanLoss.Evaluate(points);
            return [.. points.Select(point => meanLoss.Mean(point.Component))];
        }
    }

    private static void Move(IReadOnlyList<SteepestDirection> directions, IReadOnlyList<double> lengths, int sign)
    {
        for (int component = 0; component < directions.Count; component++)
        {
            directions[component].Load(sign * lengths[component]);
        }
    }
}

using Curie.Networks.Restricted;
using Curie.Response.Runs;

namespace Curie.Response.Experiments;

/// <summary>
/// The covariance part as it would be if every loss were linear around w* and the localisation alone held the weights, N(w*, σ0²·I) on the component:
/// <code>
/// a_i = −σ0²·g_P·(g_i − g_P),    g_P = ∇P(w*),  g_i = ∇ℓ_i(w*)
/// </code>
/// in nats², σ0² being <see cref="Curie.Sampling.SamplingOptions.LocalizationVariance"/>. No sampling is needed: g_i·g_P is ‖g_P‖ times the derivative of ℓ_i along
/// <see cref="SteepestDirection"/>, for all tokens at once from two evaluations, and g_P·g_P is ‖g_P‖².
/// </summary>
/// <remarks>Source: −Cov(φ, ℓ_i − P) to first order in w − w*.</remarks>
internal sealed class GradientAlignment(SusceptibilityInputs inputs, IReadOnlyList<ProbeSelection> selections)
{
    /// <summary>The bytes that a component's prediction takes until it is stored.</summary>
    public static long BytesFor(RunShape shape) => (long)sizeof(float) * shape.Tokens;

    /// <summary>Predicts the covariance part of every component of a group; slot 0 of each is taken.</summary>
    /// <param name="group">The components.</param>
    /// <param name="frozenMemory">The bytes of frozen activations that may be kept meanwhile.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    /// <returns>a_i by component and token; null where there is no prediction: nothing moves the weights or holds them, or the component is `full`.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<float[]>? Predict(IRestrictedGroup group, long frozenMemory, CancellationToken cancellation)
    {
        if (inputs.Sampling.LocalizationVariance is not { } variance || variance == 0 || group.Components is [{ IsFull: true }])
        {
            return null;
        }

        SteepestDirection[] directions = SteepestDirection.Of(group, inputs.Data, inputs.LossRowCount, inputs.BatchSize, cancellation);
        try
        {
            using ProbeLosses probes = new(group, selections, frozenMemory);
            float[][] alignments = Derivatives(probes, directions, [.. directions.Select(direction => direction.StepLength)], cancellation);
            for (int component = 0; component < directions.Length; component++)
            {
                double slope = directions[component].Slope;
                foreach (ref float value in alignments[component].AsSpan())
                {
                    value = (float)(-variance * slope * (value - slope));
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
        ProbeLosses probes, IReadOnlyList<SteepestDirection> directions, IReadOnlyList<double> lengths, CancellationToken cancellation)
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
            foreach (LoadedWeights point in points)
            {
                directions[point.Component].Load(sign * lengths[point.Component]);
            }

            probes.Evaluate(points);
        }
    }
}

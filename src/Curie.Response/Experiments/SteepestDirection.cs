using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// The direction within one component in which an observable A, the mean loss P of fixed rows unless another is named, rises fastest from
/// w*: u = g_A/‖g_A‖,
/// g_A = ∇A(w*), and how far to go along it for a central difference of losses.
/// </summary>
internal sealed class SteepestDirection : IDisposable
{
    /// <summary>Half a unit in the last place of a float32, as a share of it.</summary>
    private const double Rounding = 1.0 / (1 << 24);

    private readonly IRestrictedGroup _group;
    private readonly int _component;
    private readonly AlignedBuffer<float> _direction;

    private SteepestDirection(IRestrictedGroup group, int component)
    {
        _group = group;
        _component = component;
        _direction = new AlignedBuffer<float>(group.Components[component].Restriction.Dimension);
    }

    /// <summary>‖g_A‖, nats per unit of weight.</summary>
    public double Slope { get; private set; }

    /// <summary>
    /// h, the distance from w* on either side. A difference over 2h is off by the rounding of two losses, at most δ·ℓ/h with δ = 2⁻²⁴, and
    /// by h²/6 times the loss's
    /// third derivative along u, ℓ/s³ for a loss that changes over a length s. Together they are least at h = s·(3δ)^⅓, 0.56 % of s. A
    /// network changes
    /// where the weights that move do so by about their own size: s is the norm of w* over the coordinates that u moves, √(Σu²w² / Σu⁴),
    /// which is ‖w*‖ where u moves
    /// all of them alike; 1 where all of these are 0.
    /// </summary>
    public double StepLength { get; private set; }

    /// <summary>The direction of every component of a group, from the gradients of its rows in minibatches.</summary>
    /// <param name="group">The components; slot 0 of each is taken.</param>
    /// <param name="observable">The rows that give A.</param>
    /// <param name="batchSize">Rows in one minibatch.</param>
    /// <param name="cancellation">Stops between two minibatches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SteepestDirection[] Of(IRestrictedGroup group, ObservableRows observable, int batchSize, CancellationToken cancellation)
    {
        SteepestDirection[] directions = [.. group.Components.Select((_, component) => new SteepestDirection(group, component))];
        AlignedBuffer<float>[] gradients = [.. directions.Select(direction => new AlignedBuffer<float>(direction._direction.Length))];
        try
        {
            LoadedWeights[] points = [.. directions.Select(direction => new LoadedWeights(direction._component, 0))];
            double[] losses = new double[directions.Length];
            foreach (SteepestDirection direction in directions)
            {
                direction.Load(distance: 0);
            }

            foreach (int[] batch in observable.Indices.Chunk(batchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                group.LossesAndGradients(observable.Rows, batch, points, losses, gradients, observable.Weights);
                foreach (SteepestDirection direction in directions)
                {
                    direction.Add(gradients[direction._component].Span, (float)batch.Length / observable.Indices.Count);
                }
            }

            foreach (SteepestDirection direction in directions)
            {
                Span<float> origin = gradients[direction._component].Span;
                group.CopyOrigin(direction._component, origin);
                direction.Normalize(origin);
            }

            return directions;
        }
        catch
        {
            Array.ForEach(directions, direction => direction.Dispose());
            throw;
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient.Dispose());
        }
    }

    /// <summary>Loads w* + distance·u into slot 0 of the component.</summary>
    public void Load(double distance)
    {
        using AlignedBuffer<float> weights = new(_direction.Length);
        Span<float> w = weights.Span;
        Span<float> u = _direction.Span;
        _group.CopyOrigin(_component, w);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = (float)(w[i] + (distance * u[i]));
        }

        _group.Load(_component, 0, w);
    }

    public void Dispose() => _direction.Dispose();

    private void Add(ReadOnlySpan<float> gradient, float share)
    {
        Span<float> sum = _direction.Span;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += share * gradient[i];
        }
    }

    private void Normalize(ReadOnlySpan<float> origin)
    {
        Span<float> u = _direction.Span;
        double squares = 0;
        foreach (float value in u)
        {
            squares += (double)value * value;
        }

        Slope = Math.Sqrt(squares);
        double weighted = 0;
        double fourths = 0;
        for (int i = 0; i < u.Length; i++)
        {
            double share = Slope > 0 ? u[i] / Slope : 0;
            u[i] = (float)share;
            weighted += share * share * origin[i] * origin[i];
            fourths += share * share * share * share;
        }

        StepLength = Math.Cbrt(3 * Rounding) * (weighted > 0 ? Math.Sqrt(weighted / fourths) : 1);
    }
}

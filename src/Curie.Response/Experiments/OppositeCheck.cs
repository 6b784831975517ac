using Curie.Response.Accumulation;

namespace Curie.Response.Experiments;

/// <summary>
/// Whether the response depends on the size of the perturbation: over the first draws of chain 0, the sums per token of e_i(w⁺) − e_i(w)
/// with s and of
/// e_i(w) − e_i(w⁻) with −s, whose half difference over their mean is what the second order in s adds.
/// </summary>
/// <param name="tokens">The number of tokens.</param>
internal sealed class OppositeCheck(int tokens)
{
    private readonly double[] _forward = new double[tokens];
    private readonly double[] _backward = new double[tokens];

    /// <summary>
    /// ‖c(s) − c(−s)‖/(2·‖c(s) + c(−s)‖/2) over tokens, less their means: the relative error that the size of s makes; null before the
    /// first draw, or where
    /// nothing responds.
    /// </summary>
    public double? Nonlinearity
    {
        get
        {
            double mean = 0;
            double half = 0;
            double forward = _forward.Average();
            double backward = _backward.Average();
            for (int i = 0; i < tokens; i++)
            {
                double a = _forward[i] - forward;
                double b = _backward[i] - backward;
                mean += (a + b) * (a + b) / 4;
                half += (a - b) * (a - b) / 4;
            }

            return mean > 0 ? Math.Sqrt(half / mean) : null;
        }
    }

    /// <summary>Adds the losses at the shadow, the chain or the opposite shadow.</summary>
    /// <param name="losses">ℓ_i, nats.</param>
    /// <param name="initial">ℓ_i(w*), nats.</param>
    /// <param name="rise">P − L0 there, nats.</param>
    /// <param name="forward">Its sign in e_i(w⁺) − e_i(w).</param>
    /// <param name="backward">Its sign in e_i(w) − e_i(w⁻).</param>
    public void Add(ReadOnlySpan<float> losses, ReadOnlySpan<float> initial, double rise, int forward, int backward)
    {
        for (int i = 0; i < tokens; i++)
        {
            double e = (double)losses[i] - initial[i] - rise;
            _forward[i] += forward * e;
            _backward[i] += backward * e;
        }
    }

    public void Save(Stream stream)
    {
        StateStream.WriteValues(stream, _forward);
        StateStream.WriteValues(stream, _backward);
    }

    public void Restore(Stream stream)
    {
        StateStream.Read<double>(stream, _forward);
        StateStream.Read<double>(stream, _backward);
    }
}

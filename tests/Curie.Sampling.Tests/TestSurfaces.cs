namespace Curie.Sampling.Tests;

/// <summary>A surface from two functions.</summary>
internal sealed class FunctionSurface(int dimension, float[] origin, Func<int, long, float[], float[], double> gradient) : ILossSurface
{
    private readonly float[] _w = new float[dimension];
    private readonly float[] _gradient = new float[dimension];

    public int Dimension => dimension;

    public bool UsesMinibatches { get; init; }

    public void CopyOrigin(Span<float> w) => origin.CopyTo(w);

    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> destination)
    {
        w.CopyTo(_w);
        double loss = gradient(chain, step, _w, _gradient);
        _gradient.CopyTo(destination);
        return loss;
    }

    /// <summary>L = ½ Σ h_i w_i² with h_i between 1 and 2, in many dimensions.</summary>
    public static FunctionSurface Wide(int dimension, bool usesMinibatches = false) => new(dimension, new float[dimension], (_, _, w, g) =>
        {
            double loss = 0;
            for (int i = 0; i < w.Length; i++)
            {
                float h = 1 + ((float)i / w.Length);
                g[i] = h * w[i];
                loss += 0.5 * h * w[i] * w[i];
            }

            return loss;
        }) { UsesMinibatches = usesMinibatches };
}

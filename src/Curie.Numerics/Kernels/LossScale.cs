namespace Curie.Numerics.Kernels;

/// <summary>
/// What each position's loss counts in a sum Σ_i scale·weight_i·ℓ_i whose gradient is made: one scale for all, and weights where they
/// differ.
/// </summary>
public readonly ref struct LossScale
{
    private readonly float _scale;
    private readonly ReadOnlySpan<float> _weights;

    /// <summary>A scale with weights.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="weights">One weight for each position; empty if all are 1.</param>
    public LossScale(float scale, ReadOnlySpan<float> weights)
    {
        _scale = scale;
        _weights = weights;
    }

    /// <summary>scale·weight_i.</summary>
    public float this[int position] => _weights.IsEmpty ? _scale : _scale * _weights[position];

    /// <summary>One scale for all positions.</summary>
    public static implicit operator LossScale(float scale) => new(scale, []);

    /// <summary>Those of some positions.</summary>
    public LossScale Slice(int start, int count) => new(_scale, _weights.IsEmpty ? [] : _weights.Slice(start, count));

    /// <summary>Σ_i weight_i·ℓ_i, without the scale, in the order of i.</summary>
    public double Sum(ReadOnlySpan<double> losses)
    {
        double sum = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            sum += _weights.IsEmpty ? losses[i] : _weights[i] * losses[i];
        }

        return sum;
    }

    /// <summary>Whether there are as many weights as positions, where there are any.</summary>
    internal bool Fits(int positions) => _weights.IsEmpty || _weights.Length == positions;
}

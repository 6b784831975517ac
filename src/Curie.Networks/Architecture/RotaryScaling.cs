using Curie.Numerics;

namespace Curie.Networks.Architecture;

/// <summary>
/// Longer contexts by slower rotation. With wavelength λ = 2π/ω and the context N that the model was first trained on: linear scaling is
/// ω/factor for every pair; by parts (Llama 3), pairs with λ &lt; N/high keep ω, those with λ &gt; N/low get ω/factor, and those between
/// a mixture (1 − s)·ω/factor + s·ω with s = (N/λ − low)/(high − low).
/// </summary>
public sealed record RotaryScaling
{
    /// <summary>By how much the context was stretched.</summary>
    public required double Factor { get; init; }

    /// <summary>The bounds of scaling by parts; null for linear scaling.</summary>
    public RotaryParts? Parts { get; init; }

    /// <summary>The frequency that a frequency becomes.</summary>
    public double Apply(double frequency)
    {
        if (Parts is null)
        {
            return frequency / Factor;
        }

        double turns = Parts.OriginalContext * frequency / (2 * Math.PI);
        double share = Math.Clamp((turns - Parts.LowFactor) / (Parts.HighFactor - Parts.LowFactor), 0, 1);
        return ((1 - share) * frequency / Factor) + (share * frequency);
    }

    internal void Validate(string source)
    {
        if (!double.IsFinite(Factor) || Factor <= 0 || Parts is { } parts && !(parts.HighFactor > parts.LowFactor))
        {
            throw new InputException(
                $"{source}: the scaling of rotary positions must have a factor above 0, and a high_freq_factor above its low_freq_factor; "
                    + "restore the file that came with the model."
            );
        }
    }
}

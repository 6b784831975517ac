using Curie.Numerics;

namespace Curie.Networks.Architecture;

/// <summary>
/// Rotary positions (Su et al. 2021): pair i of the first <see cref="Dimension"/> numbers of a query or key at position t is turned by
/// t·ω_i, where ω_i = base^(−2i/dimension) before any scaling.
/// </summary>
public sealed record RotaryOptions
{
    /// <summary>How many of a head's numbers are turned, an even number of at most d_head.</summary>
    public required int Dimension { get; init; }

    /// <summary>The base θ of the frequencies. Default 10000.</summary>
    public double Base { get; init; } = 10000;

    /// <summary>
    /// Whether pairs are neighbours (2i, 2i + 1), as in llama2.c and GPT-J; otherwise they are (i, i + dimension/2), as in GPT-NeoX and
    /// Hugging Face's Llama. Default false.
    /// </summary>
    public bool AdjacentPairs { get; init; }

    /// <summary>How frequencies are changed for longer contexts; null for not at all.</summary>
    public RotaryScaling? Scaling { get; init; }

    /// <summary>The frequencies ω_i, radians a position, dimension/2 of them.</summary>
    public double[] Frequencies()
    {
        double[] frequencies = [.. Enumerable.Range(0, Dimension / 2).Select(i => Math.Pow(Base, -2.0 * i / Dimension))];
        return Scaling is null ? frequencies : Array.ConvertAll(frequencies, Scaling.Apply);
    }

    /// <summary>Checks every number.</summary>
    /// <exception cref="InputException">One cannot be.</exception>
    internal void Validate(string source, int headWidth, Func<string, string> name)
    {
        if (Dimension < 2 || Dimension % 2 != 0 || Dimension > headWidth)
        {
            throw new InputException(
                $"{source}: {name("rotary_dim")} makes rotated parts of {Dimension} numbers; it must be an even number of 2 to a head's "
                    + $"width, {headWidth}."
            );
        }

        if (!double.IsFinite(Base) || Base <= 1)
        {
            throw new InputException(
                FormattableString.Invariant($"{source}: {name("rotary_base")} is {Base}; it must be a number above 1 such as 10000.")
            );
        }

        Scaling?.Validate(source);
    }
}

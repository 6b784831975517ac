using System.Globalization;
using System.Numerics;

namespace Curie.Sampling.LearningTheory;

/// <summary>An exact fraction in lowest terms, denominator positive; equal fractions are equal values.</summary>
public readonly record struct Rational
{
    /// <summary>numerator/denominator, reduced.</summary>
    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException("A fraction has a denominator other than 0.");
        }

        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        Denominator = denominator / divisor;
    }

    /// <summary>The numerator, with the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator, above 0.</summary>
    public BigInteger Denominator { get; }

    /// <summary>The nearest float64 of numerator and denominator, divided.</summary>
    public double ToDouble() => (double)Numerator / (double)Denominator;

    /// <summary>As people write it: 13/2, or 8.</summary>
    public override string ToString() =>
        Denominator.IsOne
            ? Numerator.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}

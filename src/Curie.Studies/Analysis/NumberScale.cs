using System.Globalization;
using Curie.Response.Estimators;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Analysis;

/// <summary>One power of a thousand and one number of decimals for all numbers of a table, so that the largest shows five digits.</summary>
public sealed class NumberScale
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private readonly int _exponent;
    private readonly string _format;

    private NumberScale(double largest)
    {
        Largest = largest;
        int magnitude = largest > 0 ? (int)Math.Floor(Math.Log10(largest)) : 0;
        _exponent = 3 * (int)Math.Floor(magnitude / 3.0);
        _format = "0." + new string('0', 4 - (magnitude - _exponent));
    }

    /// <summary>The largest magnitude.</summary>
    public double Largest { get; }

    /// <summary>The scale for some numbers; those that are not finite do not count.</summary>
    public static NumberScale For(IEnumerable<double> values) =>
        new(values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());

    /// <summary>The number in units of the scale, with its sign.</summary>
    public string Signed(double value)
    {
        string text = Unsigned(Math.Abs(value));
        return !double.IsFinite(value) ? text : (value < 0 ? "-" : "+") + text;
    }

    /// <summary>The number in units of the scale.</summary>
    public string Unsigned(double value) =>
        double.IsFinite(value) ? (value / Math.Pow(10, _exponent)).ToString(_format, CultureInfo.InvariantCulture) : "n/a";

    /// <summary>The number in units of the scale with so many significant digits, for rows whose sizes differ much.</summary>
    public string Figures(double value, int digits = 3) =>
        double.IsFinite(value)
            ? (value / Math.Pow(10, _exponent)).ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : "n/a";

    /// <summary>An estimate with its standard error in units of the scale, as <see cref="EstimateText"/> writes it.</summary>
    public string Of(double value, double standardError) =>
        EstimateText.Of(value / Math.Pow(10, _exponent), standardError / Math.Pow(10, _exponent), signed: true);

    /// <summary>The unit of what is shown, such as <c>10⁻³ nats²</c>.</summary>
    public string Unit(string unit)
    {
        if (_exponent == 0)
        {
            return unit;
        }

        string digits = string.Concat(
            Math.Abs(_exponent).ToString(CultureInfo.InvariantCulture).Select(digit => Superscripts[digit - '0'])
        );
        return $"10{(_exponent < 0 ? "⁻" : "")}{digits} {unit}";
    }

    /// <summary>A single number with four significant digits.</summary>
    public static string Four(double value) => double.IsFinite(value) ? EstimateText.Of(value, 4) : "n/a";

    /// <summary>Two decimals, or that there is no number.</summary>
    public static string Two(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "n/a";

    /// <summary>A share as a percentage with two decimals.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}

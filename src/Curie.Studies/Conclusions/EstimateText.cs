using System.Globalization;
using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>Writes estimates with their errors as running text does: as many digits as the error leaves, never with an exponent.</summary>
public static class EstimateText
{
    private const int MostDecimals = 9;
    private const string Unknown = "unknown";

    /// <summary>
    /// A value and its standard error, the error with two significant digits if it begins with 1, else with one: <c>0.836 ± 0.005</c>.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="standardError">Its standard error; not finite where it is unknown, and then it is said so.</param>
    /// <param name="signed">Whether a value above 0 gets a plus sign.</param>
    public static string Of(double value, double standardError, bool signed = false)
    {
        if (!double.IsFinite(value))
        {
            return Unknown;
        }

        if (!double.IsFinite(standardError))
        {
            return $"{Fixed(value, DecimalsOf(value, digits: 3), signed)} (error unknown)";
        }

        int decimals =
            standardError > 0 ? DecimalsOf(standardError, standardError.ToString("E0", CultureInfo.InvariantCulture)[0] == '1' ? 2 : 1) : 3;
        return $"{Fixed(value, decimals, signed)} ± {Fixed(standardError, decimals, signed: false)}";
    }

    /// <summary>A number with so many significant digits, without an exponent.</summary>
    public static string Of(double value, int digits = 2) =>
        double.IsFinite(value) ? Fixed(value, DecimalsOf(value, digits), signed: false) : Unknown;

    /// <summary>A number with its 95 % interval, as <c>0.84 [0.71 – 0.92]</c>; alone where there is no interval.</summary>
    /// <param name="value">The number.</param>
    /// <param name="interval">The interval.</param>
    public static string Of(double value, Interval? interval) =>
        interval is { } known && double.IsFinite(value)
            ? $"{NumberScale.Two(value)} [{NumberScale.Two(known.Low)} – {NumberScale.Two(known.High)}]"
            : NumberScale.Two(value);

    /// <summary>A share as a percentage without decimals; below 1 % and above 99 % with one.</summary>
    public static string Percent(double share) =>
        !double.IsFinite(share)
            ? Unknown
            : (100 * share).ToString(Math.Abs(share) is > 0 and < 0.01 or > 0.99 and < 1 ? "0.0" : "0", CultureInfo.InvariantCulture)
                + " %";

    /// <summary>A share with its 95 % interval, as <c>72 % [65 – 79]</c>; alone where there is no interval.</summary>
    public static string Percent(double share, Interval? interval) =>
        interval is { } known && double.IsFinite(share) ? $"{Percent(share)} [{Bound(known.Low)} – {Bound(known.High)}]" : Percent(share);

    /// <summary>Names as a sentence has them: <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> names) =>
        names.Count <= 1 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    private static string Bound(double share) => Percent(share).Replace(" %", "", StringComparison.Ordinal);

    private static int DecimalsOf(double value, int digits) =>
        value == 0 ? 0 : Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, MostDecimals);

    private static string Fixed(double value, int decimals, bool signed)
    {
        string text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('-', '−');
        return signed && value > 0 ? "+" + text : text;
    }
}

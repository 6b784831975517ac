using System.Globalization;

namespace Curie.Cli.Output;

/// <summary>Large counts in words.</summary>
internal static class LargeNumber
{
    private static readonly (double Scale, string Word)[] Words =
    [
        (1e18, " quintillion"),
        (1e15, " quadrillion"),
        (1e12, " trillion"),
        (1e9, " billion"),
        (1e6, " million"),
        (1e3, " thousand"),
        (1, ""),
    ];

    /// <summary>Three significant digits and a word, such as <c>48.7 million</c>.</summary>
    public static string Of(double value)
    {
        double rounded = value == 0 ? 0 : double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        (double scale, string word) = Words.FirstOrDefault(one => rounded >= one.Scale, (1, ""));
        return (rounded / scale).ToString("0.##", CultureInfo.InvariantCulture) + word;
    }
}

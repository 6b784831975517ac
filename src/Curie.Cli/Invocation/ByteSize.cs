using System.Globalization;

namespace Curie.Cli.Invocation;

/// <summary>Sizes as people write them: 4M is 4·2²⁰ bytes.</summary>
internal static class ByteSize
{
    private const string Units = "KMGT";

    /// <summary>Parses a positive size such as 4096, 512K, 4M or 8G; letter case does not matter.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ReadOnlySpan<char> digits = text;
        int unit = digits.IsEmpty ? -1 : Units.IndexOf(char.ToUpperInvariant(digits[^1]), StringComparison.Ordinal);
        digits = unit < 0 ? digits : digits[..^1];
        int shift = 10 * (unit + 1);
        bool valid =
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out bytes)
            && bytes > 0
            && bytes <= long.MaxValue >> shift;
        bytes = valid ? bytes << shift : 0;
        return valid;
    }

    /// <summary>A size with three digits and a unit: 4.19 MB is 4·2²⁰ bytes in powers of ten, as file managers show it.</summary>
    public static string Format(long bytes)
    {
        double value = bytes;
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        int unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return unit == 0 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{value:G3} {units[unit]}");
    }
}

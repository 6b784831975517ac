using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Colours from blue (−1) over white (0) to orange (+1), which readers with any common colour blindness tell apart.</summary>
internal static class DivergingPalette
{
    /// <summary>Text of less weight, legible on dark and on light.</summary>
    public static readonly Style Muted = new(new Color(140, 140, 140));

    private const double DarkFrom = 0.6;
    private static readonly (double R, double G, double B) Negative = (33, 102, 172);
    private static readonly (double R, double G, double B) Neutral = (247, 247, 247);
    private static readonly (double R, double G, double B) Positive = (200, 80, 0);

    /// <summary>
    /// The style of a cell whose value is a fraction −1…1 of the scale; grey text where the value is not distinct from zero.
    /// </summary>
    public static Style Cell(double fraction, bool dim)
    {
        if (!double.IsFinite(fraction))
        {
            return Muted;
        }

        double strength = Math.Min(Math.Abs(fraction), 1);
        Color text = strength > DarkFrom ? new Color(255, 255, 255) : new Color(0, 0, 0);
        return new Style(dim ? new Color(135, 135, 135) : text, Background(fraction, strength));
    }

    /// <summary>The text colour of a side.</summary>
    public static Style Side(bool positive) => new(positive ? new Color(230, 125, 40) : new Color(80, 150, 215));

    private static Color Background(double fraction, double strength)
    {
        (double R, double G, double B) end = fraction < 0 ? Negative : Positive;
        return new Color(Mix(Neutral.R, end.R), Mix(Neutral.G, end.G), Mix(Neutral.B, end.B));

        byte Mix(double from, double to) => (byte)Math.Round(from + ((to - from) * strength));
    }
}

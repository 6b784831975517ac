using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Cluster.Slurm;

/// <summary>Durations in Slurm's words: <c>30</c> (minutes), <c>30:00</c>, <c>12:00:00</c>, <c>2-12</c>, <c>2-12:00:00</c>.</summary>
public static partial class SlurmTime
{
    /// <summary>Reads what a user gives as a time limit.</summary>
    /// <exception cref="InputException">It is no duration, or 0.</exception>
    public static TimeSpan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text) is { } time && time > TimeSpan.Zero
            ? time
            : throw new InputException(
                $"the time {text} is no duration in Slurm's words; write minutes (90), hours (12:00:00) or days (2-12:00:00)."
            );
    }

    /// <summary>Reads what Slurm prints: a number alone is minutes, and two are minutes and seconds; null if it is no time.</summary>
    public static TimeSpan? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Match match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        bool hasDays = match.Groups["days"].Success;
        double[] parts = [.. match.Groups["part"].Captures.Select(part => double.Parse(part.Value, CultureInfo.InvariantCulture))];

        // With days, hours come first; without them, the last of two or three numbers are the seconds, and one alone is minutes.
        (double hours, double minutes, double seconds) = parts switch
        {
            [double only] => hasDays ? (only, 0, 0) : (0, only, 0),
            [double first, double second] => hasDays ? (first, second, 0) : (0, first, second),
            [double first, double second, double third] => (first, second, third),
            _ => throw new FormatException(text),
        };
        double days = hasDays ? double.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromSeconds((((((days * 24) + hours) * 60) + minutes) * 60) + seconds);
    }

    /// <summary>A duration as Slurm reads it, in whole minutes, rounded up.</summary>
    public static string Text(TimeSpan time)
    {
        long minutes = (long)Math.Ceiling(time.TotalMinutes);
        (long days, minutes) = Math.DivRem(minutes, 24 * 60);
        string clock = string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}:00");
        return days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{days}-{clock}") : clock;
    }

    [GeneratedRegex(@"^(?:(?<days>\d{1,5})-)?(?<part>\d{1,6})(?::(?<part>\d{1,6})){0,2}$")]
    private static partial Regex Pattern();
}

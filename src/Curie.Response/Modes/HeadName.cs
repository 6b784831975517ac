using System.Globalization;
using System.Text.RegularExpressions;

namespace Curie.Response.Modes;

/// <summary>Names of single heads, as <c>l0h1</c>.</summary>
public static partial class HeadName
{
    /// <summary>Whether a component is a single head, or the heads that share keys and values.</summary>
    public static bool Is(string component) => LayerOf(component) is not null;

    /// <summary>The layer of a head; null for any other component.</summary>
    public static int? LayerOf(string component) =>
        Pattern.Match(component) is { Success: true } match
            ? int.Parse(match.Groups["layer"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The number of a head in its layer; null for any other component.</summary>
    public static int? IndexOf(string component) =>
        Pattern.Match(component) is { Success: true } match
            ? int.Parse(match.Groups["head"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"^l(?<layer>\d{1,4})[hg](?<head>\d{1,4})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern { get; }
}

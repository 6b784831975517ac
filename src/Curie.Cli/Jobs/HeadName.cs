using System.Globalization;
using System.Text.RegularExpressions;

namespace Curie.Cli.Jobs;

/// <summary>Names of heads, as <c>l0h1</c>.</summary>
internal static partial class HeadName
{
    /// <summary>Whether a component is a single head.</summary>
    public static bool Is(string component) => Pattern().IsMatch(component);

    /// <summary>The layer of a head.</summary>
    public static int Layer(string head) => int.Parse(Pattern().Match(head).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^l(\d+)h\d+$")]
    private static partial Regex Pattern();
}

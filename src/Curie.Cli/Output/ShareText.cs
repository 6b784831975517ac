using System.Globalization;

namespace Curie.Cli.Output;

/// <summary>Shares in the cells of tables.</summary>
internal static class ShareText
{
    /// <summary>A percentage with one decimal, or a dash where it is unknown.</summary>
    public static string Of(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:F1} %") : "-";
}

using System.Globalization;

namespace Curie.Numerics;

/// <summary>A number and what it counts, in running text: <c>1 draw</c>, <c>2 draws</c>.</summary>
public static class Counted
{
    /// <summary>The number and the word, in the plural unless it is one.</summary>
    /// <param name="count">The number.</param>
    /// <param name="singular">The word for one.</param>
    /// <param name="plural">The word for several; null to add an s.</param>
    public static string Of(long count, string singular, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {Word(count, singular, plural)}");

    /// <summary>The word alone, where something else stands for the number.</summary>
    /// <inheritdoc cref="Of"/>
    public static string Word(long count, string singular, string? plural = null) => count == 1 ? singular : plural ?? singular + "s";
}

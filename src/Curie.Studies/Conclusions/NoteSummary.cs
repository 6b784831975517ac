using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Studies.Conclusions;

/// <summary>
/// Says once what was noted of several components in the same words: their names, and of each number in which the notes differ its range.
/// </summary>
public static partial class NoteSummary
{
    private const int MostNamed = 6;

    /// <summary>One line for every sentence that differs from others by more than numbers.</summary>
    /// <param name="notes">The component and the sentence of every note.</param>
    /// <param name="components">How many components there are.</param>
    public static IEnumerable<string> Of(IEnumerable<(string Component, string Note)> notes, int components) =>
        notes
            .GroupBy(note => Number.Replace(note.Note, "#"))
            .Select(same =>
            {
                string[] names = [.. same.Select(note => note.Component).Distinct()];
                string who =
                    names.Length == components && components > 1 ? $"all {Counted.Of(components, "component")}"
                    : names.Length <= MostNamed ? string.Join(", ", names)
                    : $"{string.Join(", ", names.Take(MostNamed))} and {names.Length - MostNamed} more";
                return $"{who}: {Merge([.. same.Select(note => note.Note)])}";
            });

    /// <summary>The same in a few words: the notes without what stands behind a bracket or a comma, and of how many components.</summary>
    /// <param name="notes">The component and the sentence of every note.</param>
    /// <param name="components">How many components are asked about.</param>
    public static IEnumerable<string> Brief(IEnumerable<(string Component, string Note)> notes, int components) =>
        notes
            .Select(note => (note.Component, Note: note.Note.Split([" (", ", "], 2, StringSplitOptions.None)[0]))
            .GroupBy(note => Number.Replace(note.Note, "#"))
            .Select(same =>
            {
                string[] names = [.. same.Select(note => note.Component).Distinct()];
                string who =
                    names.Length == 1 ? names[0]
                    : names.Length == components ? $"all {components}"
                    : $"{names.Length} of {components}";
                return $"{Merge([.. same.Select(note => Rounded(note.Note))])} ({who})";
            });

    /// <summary>A sentence whose fractions have two digits that count.</summary>
    private static string Rounded(string sentence) =>
        Number.Replace(sentence, match =>
            match.Value.Contains('.') ? EstimateText.Of(double.Parse(match.Value, CultureInfo.InvariantCulture), 2) : match.Value
        );

    private static string Merge(string[] sentences)
    {
        string[][] numbers = [.. sentences.Select(sentence => Number.Matches(sentence).Select(match => match.Value).ToArray())];
        int at = 0;
        return Number.Replace(sentences[0], _ =>
        {
            int place = at++;
            return Range([.. numbers.Select(row => row[place])]);
        });
    }

    private static string Range(string[] values)
    {
        string[] order = [.. values.Distinct().OrderBy(value => double.Parse(value, CultureInfo.InvariantCulture))];
        return order.Length == 1 ? order[0] : $"{order[0]} to {order[^1]}";
    }

    [GeneratedRegex(@"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w])")]
    private static partial Regex Number { get; }
}

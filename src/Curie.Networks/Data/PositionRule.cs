using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Text.Packing;

namespace Curie.Networks.Data;

/// <summary>
/// The setting that says which positions count: ranges for every row, or a mask in a .npy file. Ranges are numbers, <c>A-B</c> with both
/// ends included, or <c>A-</c> to the end of the row, joined with commas; positions are counted from 0, or from the end below 0, −1 being
/// the last. <c>5-9</c> is positions 5 to 9, <c>-3-</c> the last three. A mask is bool or uint8, rows × (n_ctx − 1), or one row for all
/// rows.
/// </summary>
public sealed partial class PositionRule
{
    private readonly (int First, int Last)[] _ranges;

    private PositionRule(string text, (int First, int Last)[] ranges, string? path)
    {
        Text = text;
        _ranges = ranges;
        Path = path;
    }

    /// <summary>The rule as it was given.</summary>
    public string Text { get; }

    /// <summary>The mask's file; null where the rule is made of ranges.</summary>
    public string? Path { get; }

    /// <summary>Reads a rule; a mask is not opened yet.</summary>
    /// <exception cref="InputException">It is neither a .npy file nor ranges.</exception>
    public static PositionRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return new PositionRule(text, [], text);
        }

        return new PositionRule(text, [.. text.Split(',').Select(part => Range(part.Trim()))], null);
    }

    /// <summary>Whether every row has the same positions: ranges, or a mask of one row.</summary>
    /// <exception cref="InputException">The mask cannot be read.</exception>
    public bool IsEveryRow() => Path is null || NpyFile.ReadHeader(Path).Shape is [_] or [1, _];

    /// <summary>What counts in token rows; null where all does.</summary>
    /// <param name="source">What messages call the rows, e.g. their file.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="InputException">A range is not in the rows, no position counts, or the mask cannot be read or has another
    /// shape.</exception>
    public CountedPositions? Of(string source, TokenRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CountedPositions counted = Path is null ? OfRanges(source, rows) : OfMask(Path, source, rows);
        return counted.CountsAll ? null : counted;
    }

    [GeneratedRegex(@"^(?<first>-?\d{1,9})(?<to>-(?<last>-?\d{1,9})?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex RangePattern { get; }

    private static (int First, int Last) Range(string part)
    {
        Match match = RangePattern.Match(part);
        if (!match.Success)
        {
            throw new InputException(
                $"positions cannot be \"{Shown(part)}\"; give ranges such as 5-9 or -3- (the last three), joined with commas, "
                    + "or a .npy file."
            );
        }

        int first = Number("first");
        int last =
            match.Groups["last"].Success ? Number("last")
            : match.Groups["to"].Success ? -1
            : first;
        return (first, last);

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static string Shown(string text) =>
        new([.. text.Take(40).Select(character => char.IsControl(character) ? '\uFFFD' : character)]);

    private CountedPositions OfRanges(string source, TokenRows rows)
    {
        int positions = rows.ContextLength - 1;
        bool[] counts = new bool[positions];
        foreach ((int first, int last) in _ranges)
        {
            int begin = first < 0 ? positions + first : first;
            int end = last < 0 ? positions + last : last;
            if (begin < 0 || end >= positions || begin > end)
            {
                throw new InputException(
                    $"positions are \"{Shown(Text)}\", but the rows of {source} have the positions 0 to {positions - 1}, as many as they "
                        + "have predictions; give ranges inside these, the smaller end first."
                );
            }

            counts.AsSpan(begin, end - begin + 1).Fill(true);
        }

        return CountedPositions.OfEveryRow(counts);
    }

    private static CountedPositions OfMask(string path, string source, TokenRows rows)
    {
        int positions = rows.ContextLength - 1;
        NpyHeader header = NpyFile.ReadHeader(path);
        IReadOnlyList<long> shape = header.Shape;
        bool isRow = shape is [var length] && length == positions || shape is [1, var only] && only == positions;
        bool isMatrix = shape is [var count, var width] && count == rows.Count && width == positions;
        if (header.Element is not (NpyElement.Bool or NpyElement.UInt8) || !(isRow || isMatrix))
        {
            throw new InputException(
                $"{path}: a mask must be bool or uint8 of shape ({rows.Count}, {positions}) or ({positions}), as many positions as the "
                    + $"rows of {source} have predictions, but this is {header.Element.NumpyName()} of shape ({string.Join(", ", shape)}); "
                    + "save one that fits."
            );
        }

        bool[] counts = header.Element == NpyElement.Bool ? Read<bool>(path, value => value) : Read<byte>(path, value => value != 0);
        if (!counts.Contains(true))
        {
            throw new InputException($"{path}: no position counts, since every element is false; mark those that the model is to predict.");
        }

        return isMatrix ? CountedPositions.OfRows(counts, positions) : CountedPositions.OfEveryRow(counts);
    }

    private static bool[] Read<T>(string path, Converter<T, bool> counts)
        where T : unmanaged
    {
        using NpyArray<T> mask = NpyFile.Read<T>(path);
        return Array.ConvertAll(mask.ToArray(), counts);
    }
}

using System.Globalization;
using Curie.Networks.Components;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Shards;

/// <summary>Numbers of shards in words and in names of files.</summary>
public static class ShardNames
{
    /// <summary>A shard's number, padded so that names sort.</summary>
    public static string Of(int index) => index.ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>The name of what a shard holds of a component: NAME.FIRST-LAST, the last chain included.</summary>
    public static string Entry(string component, ChainRange range) =>
        string.Create(CultureInfo.InvariantCulture, $"{component}.{range.First}-{range.End - 1}");

    /// <inheritdoc cref="Entry(string, ChainRange)"/>
    public static string Entry(Component component, ChainRange range)
    {
        ArgumentNullException.ThrowIfNull(component);
        return Entry(component.Name, range);
    }

    /// <summary>Ascending numbers in short: 0-3, 5, 9-11.</summary>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        List<string> ranges = [];
        for (int start = 0; start < numbers.Count; )
        {
            int end = start;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1)
            {
                end++;
            }

            ranges.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{numbers[start]}{(end == start ? "" : end == start + 1 ? $", {numbers[end]}" : $"-{numbers[end]}")}"
                )
            );
            start = end + 1;
        }

        return string.Join(", ", ranges);
    }
}

using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The key <c>positions</c> of <c>sampling</c> and of probes: which positions of rows count.</summary>
internal static class PositionsKey
{
    /// <summary>The word for every position.</summary>
    public const string All = "all";

    private const string Key = "positions";

    /// <summary>The key's value, a file as an absolute path; null where the key is missing.</summary>
    public static string? Read(YamlSection section)
    {
        if (section.OptionalText(Key) is not { } text || text == All)
        {
            return section.Has(Key) ? All : null;
        }

        try
        {
            return PositionRule.Parse(text).Path is null ? text : section.OptionalFilePath(Key);
        }
        catch (InputException exception)
        {
            throw section.Error(Key, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>The rule of a value; null where all positions count.</summary>
    /// <exception cref="InputException">It makes no sense.</exception>
    public static PositionRule? Rule(string? value) => value is null or All ? null : PositionRule.Parse(value);

    /// <summary>
    /// The rule of a probe: its own, or else that of the data, if it is the same for all rows or the rows are those of the data.
    /// </summary>
    /// <exception cref="InputException">The data's is a mask of its rows alone.</exception>
    public static PositionRule? RuleOf(ProbeConfiguration probe, string? positions, string? data)
    {
        PositionRule? rule = Rule(probe.Positions ?? positions);
        if (probe.Positions is null && rule?.Path is not null && !rule.IsEveryRow() && probe.Data != data)
        {
            throw new InputException(
                $"{rule.Path} marks positions of the rows of `sampling.data`, one by one, which says nothing of probe {probe.Name}; give "
                    + "the probe `positions` of its own, or all."
            );
        }

        return rule;
    }

    /// <summary>Writes the key where it is given.</summary>
    public static void Write(JsonObject json, string? value)
    {
        if (value is not null)
        {
            json[Key] = value;
        }
    }

    /// <summary>What of a value decides numbers: a mask's contents do (<see cref="File"/>), and not where it lies.</summary>
    public static string? Setting(string? value) => File(value) is null ? value : ".npy";

    /// <summary>The same value with an absolute path, where it is one.</summary>
    public static string? WithFullPath(string? value) => File(value) is { } path ? Path.GetFullPath(path) : value;

    /// <summary>The file of a value's mask; null where there is none.</summary>
    public static string? File(string? value) => Rule(value)?.Path;
}

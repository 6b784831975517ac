using Curie.Response.Modes;

namespace Curie.Response.Factors;

/// <summary>The rotated modes of one group.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Modes">How many principal components were turned.</param>
/// <param name="Varimax">The varimax-rotated modes.</param>
/// <param name="Independent">The independent components.</param>
/// <param name="Converged">Whether the independent components settled; where not, they are the last iterate and not to be trusted.</param>
public sealed record GroupFactors(
    string Group,
    int Modes,
    IReadOnlyList<ModeFactor> Varimax,
    IReadOnlyList<ModeFactor> Independent,
    bool Converged
)
{
    /// <summary>Turns the first modes of every group that has at least two components.</summary>
    /// <param name="groups">The modes.</param>
    /// <param name="count">How many modes are turned, at least 2 where there are as many.</param>
    public static IReadOnlyList<GroupFactors> Of(IReadOnlyList<GroupModes> groups, int count)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return [.. groups.Where(group => group.Modes is { Count: > 1 }).Select(group => Of(group.Name, group.Modes!, Math.Max(2, count)))];
    }

    private static GroupFactors Of(string name, ModeAnalysis modes, int count)
    {
        IReadOnlyList<ModeFactor> rotated = ModeFactor.Of(modes, FactorMethod.Varimax, count).Factors;
        (IReadOnlyList<ModeFactor> independent, bool converged) = ModeFactor.Of(modes, FactorMethod.Independent, count);
        return new GroupFactors(name, rotated.Count, rotated, independent, converged);
    }
}

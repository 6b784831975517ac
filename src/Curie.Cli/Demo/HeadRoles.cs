using Curie.Development.Scores;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Cli.Demo;

/// <summary>A head that stands for a role.</summary>
/// <param name="Role">The role, with the figure that chose the head.</param>
/// <param name="Component">The head's row in the run.</param>
internal sealed record HeadRole(string Role, int Component);

/// <summary>The strongest head of each role.</summary>
internal static class HeadRoles
{
    /// <summary>
    /// The head with the highest previous-token score, that with the highest prefix-matching score, and of the others the one whose χ
    /// varies most over tokens.
    /// </summary>
    public static IReadOnlyList<HeadRole> Of(SusceptibilityRun run, DemoMeasurements measured)
    {
        HeadScore previous = measured.Roles.PreviousToken.MaxBy(score => score.Value)!;
        HeadScore prefix = measured.Roles.PrefixMatching.MaxBy(score => score.Value)!;
        List<string> names = [.. run.Manifest.Components];
        List<HeadRole> roles =
        [
            new(
                FormattableString.Invariant($"highest previous-token score, {previous.Value:F3} ± {previous.StandardError:F3}"),
                names.IndexOf(previous.Component)
            ),
            new(
                FormattableString.Invariant($"highest prefix-matching score, {prefix.Value:F3} ± {prefix.StandardError:F3}"),
                names.IndexOf(prefix.Component)
            ),
        ];
        foreach (int other in ComponentTokens.Strongest(run).Where(row => roles.TrueForAll(role => role.Component != row)).Take(1))
        {
            roles.Add(new HeadRole("of the others, the one whose χ varies most over tokens", other));
        }

        return [.. roles.DistinctBy(role => role.Component)];
    }
}

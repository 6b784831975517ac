using Curie.Response.Runs;

namespace Curie.Response.Patterns;

/// <summary>Which tokens of a run belong to which pattern.</summary>
/// <param name="Names">The patterns that could be decided, in the order of their definition.</param>
/// <param name="Members">For each of them, whether each token belongs to it. Patterns may overlap.</param>
/// <param name="Notes">What could not be decided, and why.</param>
public sealed record TokenClasses(IReadOnlyList<string> Names, IReadOnlyList<bool[]> Members, IReadOnlyList<string> Notes)
{
    /// <summary>The probes in place of patterns: each holds its own tokens.</summary>
    public static TokenClasses OfProbes(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new TokenClasses(
            run.Manifest.ProbeNames,
            [.. run.Manifest.ProbeNames.Select((_, probe) => Array.ConvertAll(run.Data.Tokens.Probe, one => one == probe))],
            []
        );
    }

    /// <summary>How many tokens belong to a pattern.</summary>
    public int Count(int pattern) => Members[pattern].Count(member => member);

    /// <summary>For each token the first pattern that it belongs to, or −1: a single colour for each.</summary>
    /// <param name="tokens">The run's tokens.</param>
    public int[] First(int tokens)
    {
        int[] first = new int[tokens];
        Array.Fill(first, -1);
        for (int p = Members.Count - 1; p >= 0; p--)
        {
            for (int i = 0; i < first.Length; i++)
            {
                first[i] = Members[p][i] ? p : first[i];
            }
        }

        return first;
    }
}

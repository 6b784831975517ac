using System.Text.RegularExpressions;
using Curie.Numerics;
using Curie.Response.Runs;

namespace Curie.Studies.Conclusions;

/// <summary>Puts beside a finding what is noted of the chains of the components that it rests on.</summary>
public static partial class ChainWarnings
{
    private const int MostSaid = 3;

    /// <summary>What is noted of the chains of one component, without the advice that follows; none of a run that has no chains.</summary>
    public static IReadOnlyList<string> Of(RunManifest run, string component)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Health.FirstOrDefault(one => one.Component == component) is { } health && !run.Scan
            ? [.. Excluded(health), .. health.Notes.Select(Short)]
            : [];
    }

    /// <summary>A sentence with what is noted of the components that it names.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="run">The run.</param>
    public static string BesideNamed(string sentence, RunManifest run)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(run);
        HashSet<string> words = [.. Name.Matches(sentence).Select(match => match.Value)];
        return Beside(sentence, run, run.Components.Where(words.Contains));
    }

    /// <summary>A sentence with what is noted of some components, in a few words: the notes themselves stand elsewhere.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="run">The run.</param>
    /// <param name="components">The components that it rests on.</param>
    public static string Beside(string sentence, RunManifest run, IEnumerable<string> components) =>
        Noted(run, components) is { } noted ? $"{sentence} With care: {noted}." : sentence;

    /// <summary>What is noted of some components, in a few words; null where nothing is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="components">The components.</param>
    internal static string? Noted(RunManifest run, IEnumerable<string> components)
    {
        string[] said = [.. Brief(run, components)];
        string more = said.Length > MostSaid ? $"; {Counted.Of(said.Length - MostSaid, "other note")}" : "";
        return said.Length == 0 ? null : $"{string.Join("; ", said.Take(MostSaid))}{more}";
    }

    /// <summary>The first of what is noted of some components, in a few words; null where nothing is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="components">The components.</param>
    internal static string? First(RunManifest run, IEnumerable<string> components) => Brief(run, components).FirstOrDefault();

    private static IEnumerable<string> Brief(RunManifest run, IEnumerable<string> components)
    {
        string[] those = [.. components];
        (string Component, string Note)[] noted = [.. from component in those from note in Of(run, component) select (component, note)];
        return NoteSummary.Brief(noted, those.Length);
    }

    private static IEnumerable<string> Excluded(ComponentHealth health)
    {
        int excluded = health.Chains.Count(chain => chain.Status == ChainStatus.Excluded);
        return excluded == 0
            ? []
            : [$"{excluded} of {Counted.Of(health.Chains.Count, "chain")} {Counted.Word(excluded, "is", "are")} left out"];
    }

    /// <summary>A note up to the advice behind its last colon.</summary>
    private static string Short(string note)
    {
        int colon = note.LastIndexOf(": ", StringComparison.Ordinal);
        return (colon > 0 ? note[..colon] : note).TrimEnd('.');
    }

    [GeneratedRegex(@"[A-Za-z_][\w.+]*")]
    private static partial Regex Name { get; }
}

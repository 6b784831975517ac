using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Development.Effects;

/// <summary>Tokens over which effects are averaged.</summary>
/// <param name="Over">`probe` or `pattern`.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">Which tokens of the run are its.</param>
internal sealed record TokenSet(string Over, string Name, bool[] Members)
{
    /// <summary>Every probe, then every pattern.</summary>
    public static IReadOnlyList<TokenSet> Of(SusceptibilityRun run, TokenClasses classes) =>
        [
            .. run.Manifest.ProbeNames.Select(
                (name, probe) => new TokenSet("probe", name, Array.ConvertAll(run.Data.Tokens.Probe, one => one == probe))
            ),
            .. classes.Names.Zip(classes.Members, (name, members) => new TokenSet("pattern", name, members)),
        ];
}

using System.Text.Json.Nodes;

namespace Curie.Studies.Configuration;

/// <summary>
/// Which way of choosing so many tokens of a probe a fingerprint stands for: runs of earlier versions chose them by the seed of the
/// sampling, and must not be continued with other tokens.
/// </summary>
internal static class TokenChoice
{
    private const string Key = "token_choice";
    private const string ByName = "name";

    /// <summary>Marks settings in which some probe is asked for so many tokens.</summary>
    public static JsonObject Mark(JsonObject settings, IEnumerable<ProbeConfiguration> probes)
    {
        if (probes.Any(probe => probe.Tokens is not null))
        {
            settings[Key] = ByName;
        }

        return settings;
    }
}

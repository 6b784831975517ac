using Curie.Response.Modes;

namespace Curie.Response.Maps;

/// <summary>How a map of tokens is made.</summary>
public sealed record TokenMapOptions
{
    /// <summary>What a token's coordinates are. Default: χ of all components, each scaled to unit variance over tokens.</summary>
    public ResponseView View { get; init; } = new() { Centring = Centring.ZScore };

    /// <summary>The most tokens on the map, spread evenly over the run. Default 4,096.</summary>
    public int Tokens { get; init; } = 4096;

    /// <summary>Neighbours per token. Default 15.</summary>
    public int Neighbours { get; init; } = 15;

    /// <summary>The seed. Default 1.</summary>
    public long Seed { get; init; } = 1;
}

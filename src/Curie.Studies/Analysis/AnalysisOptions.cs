using Curie.Response.Estimators;
using Curie.Response.Maps;
using Curie.Response.Modes;

namespace Curie.Studies.Analysis;

/// <summary>How much of a run's structure is shown.</summary>
public sealed record AnalysisOptions
{
    /// <summary>The part that is tabulated and factored. Default χ; the run must hold it.</summary>
    public ResponsePart Part { get; init; } = ResponsePart.Susceptibility;

    /// <summary>How the modes are centred.</summary>
    public Centring Centring { get; init; } = Centring.Head;

    /// <summary>Whether the full run's shift is projected out of the modes.</summary>
    public bool WithoutFullShift { get; init; }

    /// <summary>The probe whose tokens are factored; null for all.</summary>
    public int? Probe { get; init; }

    /// <summary>A file of token patterns; null for the defaults.</summary>
    public string? Patterns { get; init; }

    /// <summary>The most tokens on the map; 0 for no map.</summary>
    public int MapTokens { get; init; } = new TokenMapOptions().Tokens;

    /// <summary>The token whose partners are shown; null for none.</summary>
    public int? Influence { get; init; }

    /// <summary>The components from which influences are made; none for all but `full`.</summary>
    public IReadOnlyList<string> InfluenceComponents { get; init; } = [];

    /// <summary>δh, the share of probe rows in the run of mixtures.</summary>
    public double MixtureRate { get; init; } = 0.1;

    /// <summary>What is factored.</summary>
    public ResponseView View =>
        new()
        {
            Part = Part,
            Centring = Centring,
            WithoutFullShift = WithoutFullShift,
            Probe = Probe,
        };

    /// <summary>Modes per group.</summary>
    public int Modes { get; init; } = 3;

    /// <summary>Tokens at each end of a mode.</summary>
    public int Tokens { get; init; } = 8;

    /// <summary>Tokens of context before the predicted token.</summary>
    public int Before { get; init; } = 12;

    /// <summary>Tokens of context after it.</summary>
    public int After { get; init; } = 3;
}

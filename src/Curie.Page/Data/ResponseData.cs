using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Curie.Response.Reproducibility;

namespace Curie.Page.Data;

/// <summary>What a page shows of a susceptibility run (docs/formats.md, `response`).</summary>
internal sealed record ResponseData
{
    /// <summary>The run folder's name.</summary>
    public required string Run { get; init; }

    /// <summary>The run in a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>What was found out, in sentences; the first are what to remember.</summary>
    public required IReadOnlyList<string> Conclusion { get; init; }

    /// <summary>The mode that stands beside the conclusion; null where nothing could be factored.</summary>
    public required LeadingData? Leading { get; init; }

    /// <summary>Whether it was sampled at nβ = 0.</summary>
    public required bool Control { get; init; }

    /// <summary>Whether its draws are independent ones, without chains.</summary>
    public required bool Scan { get; init; }

    /// <summary>The parts that it holds.</summary>
    public required IReadOnlyList<PartData> Parts { get; init; }

    /// <summary>The part that is shown first.</summary>
    public required string MainPart { get; init; }

    /// <summary>What is observed, in words; null for the loss of the data.</summary>
    public required string? Observable { get; init; }

    /// <summary>How the covariance was estimated, in words; null where the run holds none.</summary>
    public required string? Covariance { get; init; }

    /// <summary>How chains were coupled; null where they were not.</summary>
    public required CouplingData? Coupling { get; init; }

    /// <summary>λ̂ and nβ; null where the run has none or does not hold the excess.</summary>
    public required CoefficientsData? Coefficients { get; init; }

    /// <summary>dλ̂/dh; null where the run holds none, and of a control, whose are 0.</summary>
    public required MatrixData? Slopes { get; init; }

    /// <summary>What computed the run.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The seed of the sampling.</summary>
    public required long Seed { get; init; }

    /// <summary>What was asked for, as the manifest has it.</summary>
    public required JsonElement Configuration { get; init; }

    /// <summary>The model's sizes; null where its folder is gone.</summary>
    public required JsonObject? Model { get; init; }

    /// <summary>The components.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>The probes.</summary>
    public required IReadOnlyList<ProbeData> Probes { get; init; }

    /// <summary>The sizes.</summary>
    public required ShapeData Shape { get; init; }

    /// <summary>L0.</summary>
    public required EstimateData InitLoss { get; init; }

    /// <summary>The response to probes, by part.</summary>
    public required IReadOnlyDictionary<string, MatrixData> Dataset { get; init; }

    /// <summary>The chains.</summary>
    public required IReadOnlyList<HealthData> Health { get; init; }

    /// <summary>Where the variance of χ comes from.</summary>
    public required IReadOnlyList<SplitData> Variance { get; init; }

    /// <summary>The modes by part.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ModeGroupData>> Modes { get; init; }

    /// <summary>How well they are known, by part; as the run folder keeps it.</summary>
    [JsonConverter(typeof(StoredConverter<IReadOnlyDictionary<string, ReproducibilityRecord>>))]
    public required IReadOnlyDictionary<string, ReproducibilityRecord> Reproducibility { get; init; }

    /// <summary>What <c>curie structure</c> kept; null where the folder has none.</summary>
    [JsonConverter(typeof(StoredConverter<AnalysisData>))]
    public required AnalysisData? Analysis { get; init; }

    /// <summary>What <c>curie scores</c> kept over probes and patterns.</summary>
    public required IReadOnlyList<EffectsData> Effects { get; init; }

    /// <summary>Figures of every component.</summary>
    public required IReadOnlyList<FigureData> Figures { get; init; }

    /// <summary>What is known of every component, as <c>curie head</c> says it.</summary>
    public required IReadOnlyList<CardData> Cards { get; init; }

    /// <summary>Where heads attend in the text; null where that is not known.</summary>
    public required AttentionData? Attention { get; init; }

    /// <summary>The text of every token id.</summary>
    public required VocabularyData Vocabulary { get; init; }

    /// <summary>What a reader should know, in sentences.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }
}

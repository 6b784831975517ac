using Curie.Development.Effects;
using Curie.Development.Scores;
using Curie.Response.Runs;

namespace Curie.Studies.Analysis;

/// <summary>What a run folder keeps of <see cref="HeadMeasures"/>: `scores.json`.</summary>
/// <param name="Part">The name of the part that is correlated.</param>
/// <param name="Heads">Every head of the model.</param>
/// <param name="Attention">Attention scores by name and head.</param>
/// <param name="Bigrams">How close the model is to bigrams; null where its outputs are not its tokens.</param>
/// <param name="Ngrams">How well it knows frequent n-grams.</param>
/// <param name="Effects">Mean ablations and attributions over probes and patterns.</param>
/// <param name="Correlations">Their agreement with the response, token by token.</param>
/// <param name="HeadCorrelations">The agreement of attention scores with it over heads.</param>
/// <param name="ModeRoles">How modes of the response go with attention scores; null in files of earlier versions.</param>
/// <param name="Paths">What earlier heads do through later ones; null where it was not asked for.</param>
public sealed record HeadScoresRecord(
    string Part,
    IReadOnlyList<string> Heads,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, StoredScore>> Attention,
    BigramScore? Bigrams,
    IReadOnlyList<NgramScore> Ngrams,
    IReadOnlyList<MeanEffect> Effects,
    IReadOnlyList<EffectCorrelation> Correlations,
    IReadOnlyList<ScoreAgreement> HeadCorrelations,
    IReadOnlyList<ModeRole>? ModeRoles = null,
    IReadOnlyList<MeanPath>? Paths = null
)
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "scores.json";

    /// <summary>Reads what a run folder keeps.</summary>
    /// <exception cref="System.Text.Json.JsonException">The file is damaged.</exception>
    /// <exception cref="Numerics.InputException">The file cannot be read.</exception>
    public static HeadScoresRecord Read(string folder) => RecordJson.ReadFile<HeadScoresRecord>(Path.Combine(folder, FileName));
}

namespace Curie.Studies.Development.Records;

/// <summary>What `stages.json` was asked for.</summary>
/// <param name="Seed">The seed of every random choice.</param>
/// <param name="PosteriorDraws">Posterior draws from which intervals are taken.</param>
/// <param name="Confidence">The probability that an interval holds.</param>
/// <param name="PlateauSlope">The greatest slope, per log step, that counts as a plateau; null for half of the steepest.</param>
/// <param name="LeastSupport">The least support of a boundary that divides stages.</param>
/// <param name="ClusterMethod">How curves were clustered.</param>
/// <param name="Normalization">What was done to them before.</param>
public sealed record StagesSettings(
    long Seed,
    int PosteriorDraws,
    double Confidence,
    double? PlateauSlope,
    double LeastSupport,
    string ClusterMethod,
    string Normalization
)
{
    internal static StagesSettings Of(DevelopmentStudy study) =>
        new(
            study.StageOptions.Seed,
            study.StageOptions.Draws,
            study.StageOptions.Confidence,
            study.StageOptions.PlateauSlope,
            study.StageOptions.LeastSupport,
            ClusteringWords.Name(study.ClusteringOptions.Method),
            ClusteringWords.Name(study.ClusteringOptions.Normalization)
        );
}

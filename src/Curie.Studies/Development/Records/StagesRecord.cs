namespace Curie.Studies.Development.Records;

/// <summary>Everything that `stages.json` holds; docs/formats.md says what the keys mean.</summary>
/// <param name="Format">The name of the format.</param>
/// <param name="FormatVersion">Its version.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="Curves">Learning coefficients over training, smoothed and divided.</param>
/// <param name="Clusters">Clusters of heads.</param>
/// <param name="ClusterScores">What sets them apart.</param>
/// <param name="Dynamics">The trajectory; null where none was looked at.</param>
/// <param name="Agreement">How boundaries and trajectory agree.</param>
public sealed record StagesRecord(
    string Format,
    int FormatVersion,
    StagesSettings Settings,
    IReadOnlyList<CurveRecord> Curves,
    IReadOnlyList<ClusterRecord> Clusters,
    IReadOnlyList<ContrastRecord> ClusterScores,
    DynamicsRecord? Dynamics,
    IReadOnlyList<AgreementRecord> Agreement
)
{
    /// <summary>The format's name.</summary>
    public const string CurrentFormat = "curie-stages";

    /// <summary>The version that this version of Curie writes.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The record of a study.</summary>
    public static StagesRecord Of(DevelopmentStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new StagesRecord(
            CurrentFormat,
            CurrentFormatVersion,
            StagesSettings.Of(study),
            [.. study.Curves.Select(curve => CurveRecord.Of(curve, study.StageOptions))],
            [.. study.Clusters.Select(ClusterRecord.Of)],
            [.. study.Contrasts.Select(ContrastRecord.Of)],
            study.Dynamics is null ? null : DynamicsRecord.Of(study.Dynamics),
            [.. study.Agreements.Select(AgreementRecord.Of)]
        );
    }
}

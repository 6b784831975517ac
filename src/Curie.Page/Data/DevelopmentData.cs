using Curie.Studies.Development.Records;

namespace Curie.Page.Data;

/// <summary>What a page shows of a training run; keys are those of `stages.json`, and numbers have seven digits.</summary>
/// <param name="Name">The folder's name; that of the runs without one.</param>
/// <param name="Confidence">The probability that an interval holds.</param>
/// <param name="Curves">Learning coefficients over training.</param>
/// <param name="Clusters">Clusters of heads.</param>
/// <param name="Dynamics">The trajectory; null where there is none.</param>
/// <param name="Agreement">How boundaries and trajectory agree.</param>
/// <param name="Scores">Scores over checkpoints; null where none were given.</param>
/// <param name="Course">The response over training; null without runs of several checkpoints.</param>
internal sealed record DevelopmentData(
    string Name,
    double Confidence,
    IReadOnlyList<CurveData> Curves,
    IReadOnlyList<ClusterData> Clusters,
    DynamicsData? Dynamics,
    IReadOnlyList<AgreementRecord> Agreement,
    ScoresData? Scores,
    CourseData? Course
);

namespace Curie.Page.Data;

/// <summary>The mode that stands beside the conclusion, every component brought to one scale.</summary>
/// <param name="Part">The part that it is of.</param>
/// <param name="Group">The group's name.</param>
/// <param name="Title">The same in words.</param>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Share">Its share of the variance.</param>
/// <param name="Reliability">Its reliability; NaN where it is unknown.</param>
/// <param name="Components">The components.</param>
/// <param name="Loadings">Their loadings.</param>
/// <param name="Low">The lower ends of their 95 % intervals; NaN where there is none.</param>
/// <param name="High">The upper ends.</param>
/// <param name="Scores">Their prefix-matching scores; NaN where there is none.</param>
/// <param name="Induction">Those that do induction.</param>
internal sealed record LeadingData(
    string Part,
    string Group,
    string Title,
    int Mode,
    double Share,
    double Reliability,
    IReadOnlyList<string> Components,
    IReadOnlyList<double> Loadings,
    IReadOnlyList<double> Low,
    IReadOnlyList<double> High,
    IReadOnlyList<double> Scores,
    IReadOnlyList<string> Induction
);

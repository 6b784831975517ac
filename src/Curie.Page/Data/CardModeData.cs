namespace Curie.Page.Data;

/// <summary>The component's place in a mode.</summary>
/// <param name="View">What was factored.</param>
/// <param name="Group">Over which components, in words.</param>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Share">Its share of the variance.</param>
/// <param name="Reliability">Its reliability; NaN where unknown.</param>
/// <param name="Loading">The component's loading.</param>
/// <param name="Rank">1 for the largest magnitude.</param>
/// <param name="Components">The size of the group.</param>
internal sealed record CardModeData(
    string View,
    string Group,
    int Mode,
    double Share,
    double Reliability,
    double Loading,
    int Rank,
    int Components
);

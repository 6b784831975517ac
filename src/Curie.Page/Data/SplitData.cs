namespace Curie.Page.Data;

/// <summary>Where the variance of χ comes from.</summary>
/// <param name="Group">The group’s name.</param>
/// <param name="Title">The same in words.</param>
/// <param name="Renormalization">The share of the renormalisation.</param>
/// <param name="Covariance">That of the covariance.</param>
/// <param name="Cross">That of twice their covariance over tokens.</param>
internal sealed record SplitData(string Group, string Title, double Renormalization, double Covariance, double Cross);

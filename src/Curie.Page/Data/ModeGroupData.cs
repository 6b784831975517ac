namespace Curie.Page.Data;

/// <summary>The modes of a group of components.</summary>
/// <param name="Name">The group’s name.</param>
/// <param name="Title">The same in words.</param>
/// <param name="Excluded">Components without an estimate.</param>
/// <param name="Reason">Why there are no modes.</param>
/// <param name="Components">The others.</param>
/// <param name="Means">Their means over tokens.</param>
/// <param name="Explained">The share of variance of every mode.</param>
/// <param name="Loadings">The loadings of the first modes, by component.</param>
internal sealed record ModeGroupData(
    string Name,
    string Title,
    IReadOnlyList<string> Excluded,
    string? Reason,
    IReadOnlyList<string> Components,
    IReadOnlyList<double> Means,
    IReadOnlyList<double> Explained,
    IReadOnlyList<IReadOnlyList<double>> Loadings
);

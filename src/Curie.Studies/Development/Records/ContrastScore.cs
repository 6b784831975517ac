namespace Curie.Studies.Development.Records;

/// <summary>A score of heads by cluster.</summary>
/// <param name="Score">The score's name.</param>
/// <param name="Means">Its mean in every cluster.</param>
/// <param name="Share">The share of its variance over heads that lies between clusters.</param>
/// <param name="P">How often a permutation gives as much.</param>
/// <param name="Q">The same adjusted for all scores of all groups.</param>
public sealed record ContrastScore(string Score, IReadOnlyList<double> Means, double Share, double P, double Q);

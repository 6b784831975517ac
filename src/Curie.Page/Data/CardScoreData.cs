namespace Curie.Page.Data;

/// <summary>An attention score.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A share of attention.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Rank">1 for the highest of all heads.</param>
/// <param name="Heads">The number of heads.</param>
internal sealed record CardScoreData(string Name, double Value, double Error, int Rank, int Heads);

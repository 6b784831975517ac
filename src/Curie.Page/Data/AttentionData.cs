namespace Curie.Page.Data;

/// <summary>What a page holds of the heads' attention; the rest is in its arrays.</summary>
/// <param name="Positions">The first so many positions of a row.</param>
/// <param name="Keys">For each, so many keys.</param>
internal sealed record AttentionData(int Positions, int Keys);

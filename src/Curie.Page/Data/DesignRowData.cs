namespace Curie.Page.Data;

/// <summary>The designed weights of a row of text.</summary>
/// <param name="Row">The row.</param>
/// <param name="Tokens">Its tokens that the run follows.</param>
/// <param name="Kept">Those that the page holds.</param>
/// <param name="Weight">Their mean weight, and its error over these tokens.</param>
/// <param name="Spread">The standard deviation of their weights about that mean.</param>
internal sealed record DesignRowData(int Row, int Tokens, int Kept, EstimateData Weight, double Spread);

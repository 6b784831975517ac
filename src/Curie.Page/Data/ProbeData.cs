namespace Curie.Page.Data;

/// <summary>A probe.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tokens">Its followed tokens.</param>
/// <param name="Kept">Those that the page holds.</param>
/// <param name="FullShift">Their mean shift in the run <c>full</c>.</param>
internal sealed record ProbeData(string Name, int Tokens, int Kept, EstimateData FullShift);

namespace Curie.Page.Data;

/// <summary>How chains were coupled.</summary>
/// <param name="ObservableRows">The rows that give the observable’s gradient.</param>
/// <param name="GaussianPairs">Pairs of draws of the localisation alone.</param>
/// <param name="BurnIn">Draws before the first.</param>
/// <param name="BurnInAsked">Those that were asked for.</param>
/// <param name="FullDraws">The draws of each chain of <c>full</c>.</param>
internal sealed record CouplingData(int ObservableRows, int GaussianPairs, int BurnIn, int? BurnInAsked, int FullDraws);

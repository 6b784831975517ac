namespace Curie.Page.Data;

/// <summary>What the page makes the learning coefficient of a token of.</summary>
/// <param name="Nbeta">nβ.</param>
/// <param name="Lambda">λ̂ by component.</param>
internal sealed record CoefficientsData(double Nbeta, FigureData Lambda);

namespace Curie.Page.Data;

/// <summary>A figure of every component.</summary>
/// <param name="Name">Its title.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Values">By component.</param>
/// <param name="Errors">Their standard errors.</param>
internal sealed record FigureData(string Name, string Meaning, IReadOnlyList<double> Values, IReadOnlyList<double> Errors);

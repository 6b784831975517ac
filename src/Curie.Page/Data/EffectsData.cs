namespace Curie.Page.Data;

/// <summary>A measure of every component over probes or patterns.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Over"><c>probe</c> or <c>pattern</c>.</param>
/// <param name="Names">The probes or patterns.</param>
/// <param name="Values">Components × names.</param>
/// <param name="Errors">Their standard errors.</param>
internal sealed record EffectsData(
    string Measure,
    string Meaning,
    string Over,
    IReadOnlyList<string> Names,
    IReadOnlyList<IReadOnlyList<double>> Values,
    IReadOnlyList<IReadOnlyList<double>> Errors
);

namespace Curie.Page.Data;

/// <summary>A response by component and probe.</summary>
/// <param name="Values">Components × probes.</param>
/// <param name="Errors">Their standard errors.</param>
/// <param name="HalfWidths">
/// Half the 95 % interval in standard errors, by component; NaN where the run does not tell the errors’ degrees of freedom.
/// </param>
internal sealed record MatrixData(
    IReadOnlyList<IReadOnlyList<double>> Values,
    IReadOnlyList<IReadOnlyList<double>> Errors,
    IReadOnlyList<double> HalfWidths
);

namespace Curie.Page.Data;

/// <summary>A score of a component over checkpoints.</summary>
/// <param name="Component">The component; <c>full</c> for the model.</param>
/// <param name="Step">The updates made.</param>
/// <param name="Value">The score.</param>
/// <param name="Se">Its standard error; null where no checkpoint has one.</param>
internal sealed record ScoreLine(string Component, IReadOnlyList<double> Step, IReadOnlyList<double?> Value, IReadOnlyList<double?>? Se);

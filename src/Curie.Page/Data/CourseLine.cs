namespace Curie.Page.Data;

/// <summary>A number over checkpoints with its 95 % interval.</summary>
/// <param name="Component">The component; empty where it is of all of them.</param>
/// <param name="Value">The number at every checkpoint; NaN where it is not known.</param>
/// <param name="Low">The interval's lower end; NaN where it is not known.</param>
/// <param name="High">The interval's upper end.</param>
internal sealed record CourseLine(string Component, IReadOnlyList<double> Value, IReadOnlyList<double> Low, IReadOnlyList<double> High);

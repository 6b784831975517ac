namespace Curie.Numerics.Files;

/// <summary>A line of a <see cref="CsvTable"/>.</summary>
/// <param name="Number">The line of the file at which it begins, from 1.</param>
/// <param name="Fields">Its fields without quotes.</param>
public sealed record CsvLine(int Number, IReadOnlyList<string> Fields);

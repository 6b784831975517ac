namespace Curie.Page.Data;

/// <summary>The response over training (docs/formats.md, `course`): arrays are over checkpoints.</summary>
/// <param name="Step">The updates that each checkpoint has seen.</param>
/// <param name="Parts">The parts of the response.</param>
/// <param name="Notes">What a reader should know, in sentences.</param>
internal sealed record CourseData(IReadOnlyList<long> Step, IReadOnlyList<CoursePart> Parts, IReadOnlyList<string> Notes);

namespace Curie.Page.Data;

/// <summary>The modes of a group over training.</summary>
/// <param name="Group">The group.</param>
/// <param name="Title">The group in words.</param>
/// <param name="Modes">Its first modes.</param>
internal sealed record CourseGroup(string Group, string Title, IReadOnlyList<CourseMode> Modes);

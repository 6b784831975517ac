namespace Curie.Page.Data;

/// <summary>A part of the response over training.</summary>
/// <param name="Name">The part.</param>
/// <param name="Title">Its title.</param>
/// <param name="Unit">The unit of the mean responses.</param>
/// <param name="Probes">The mean response to every probe.</param>
/// <param name="Groups">The modes of every group of components.</param>
internal sealed record CoursePart(
    string Name,
    string Title,
    string Unit,
    IReadOnlyList<CourseProbe> Probes,
    IReadOnlyList<CourseGroup> Groups
);

namespace Curie.Page.Data;

/// <summary>The mean response to a probe over training.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Lines">A line for every component.</param>
internal sealed record CourseProbe(string Probe, IReadOnlyList<CourseLine> Lines);

namespace Curie.Page.Data;

/// <summary>The first modes of a view.</summary>
/// <param name="View">The view’s name.</param>
/// <param name="Reason">Why there are none, or why nothing is known of their reliability.</param>
/// <param name="Modes">Its modes.</param>
internal sealed record SurveyedViewData(string View, string? Reason, IReadOnlyList<SurveyedModeData> Modes);

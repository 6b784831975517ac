namespace Curie.Page.Data;

/// <summary>The surveyed modes of a group.</summary>
/// <param name="Group">The group’s name.</param>
/// <param name="Views">The views.</param>
internal sealed record SurveyData(string Group, IReadOnlyList<SurveyedViewData> Views);

namespace Curie.Studies.Progress;

/// <summary>How far a study is.</summary>
/// <param name="Activity">What is being done, such as <c>sampling</c>.</param>
/// <param name="Unit">What is counted, such as <c>tokens</c>.</param>
/// <param name="Done">How much was done since this program began with it.</param>
/// <param name="Total">How much there was to do then; 0 where that is not known.</param>
/// <param name="Detail">What else is worth showing, such as the loss; null for nothing.</param>
public readonly record struct StudyProgress(string Activity, string Unit, double Done, double Total, string? Detail);

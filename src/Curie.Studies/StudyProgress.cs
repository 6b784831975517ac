using System.Globalization;

namespace Curie.Studies;

/// <summary>How far a study is.</summary>
/// <param name="Activity">What is being done, such as <c>sampling</c>.</param>
/// <param name="Unit">What is counted, such as <c>tokens</c>.</param>
/// <param name="Done">How much was done since this program began with it.</param>
/// <param name="Total">How much there was to do then; 0 where that is not known.</param>
/// <param name="Detail">What else is worth showing, such as the loss; null for nothing.</param>
public readonly record struct StudyProgress(string Activity, string Unit, double Done, double Total, string? Detail)
{
    /// <summary>In words: <c>sampling: 41.5 % of 4.87E+07 tokens, l0h3, draw 7, loss 1.3183</c>.</summary>
    public override string ToString()
    {
        string amount =
            Total > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Min(1, Done / Total):0.0} % of {Total:G3} {Unit}")
                : string.Create(CultureInfo.InvariantCulture, $"{Done:G3} {Unit}");
        return Detail is null ? $"{Activity}: {amount}" : $"{Activity}: {amount}, {Detail}";
    }
}

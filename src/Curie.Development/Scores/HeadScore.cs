namespace Curie.Development.Scores;

/// <summary>A behavioural score of one attention head.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Head">The head, from 0.</param>
/// <param name="Value">The mean attention probability over samples, 0 to 1.</param>
/// <param name="StandardError">Its standard error over samples.</param>
public sealed record HeadScore(int Layer, int Head, double Value, double StandardError)
{
    /// <summary>The head's component name, such as <c>l0h1</c>.</summary>
    public string Component => $"l{Layer}h{Head}";
}

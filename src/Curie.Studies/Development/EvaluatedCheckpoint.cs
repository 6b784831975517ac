using Curie.Development.Regression;

namespace Curie.Studies.Development;

/// <summary>What the evaluation of a regression checkpoint gives.</summary>
/// <param name="Scores">Its figures.</param>
/// <param name="Outputs">ŷ of the first sequences, sequences × examples.</param>
internal sealed record EvaluatedCheckpoint(IReadOnlyList<RegressionScore> Scores, float[] Outputs);

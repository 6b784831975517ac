using Curie.Networks.Regression;

namespace Curie.Development.Regression;

/// <summary>A predictor with a closed form: what a transformer would say of example k if it had learned a certain algorithm.</summary>
public interface IRegressionBaseline
{
    /// <summary>Predicts every example of a sequence from its own input and the examples before it.</summary>
    /// <param name="batch">The sequences.</param>
    /// <param name="sequence">Which of them.</param>
    /// <param name="predictions">Receives ŷ_k, K of them.</param>
    void Predict(RegressionBatch batch, int sequence, Span<double> predictions);
}

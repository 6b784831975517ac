using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The end of a network at one residual vector x, in float64: the final norm, then the unembedding.
/// <code>
/// logits = x̂·W_U + b_U          x̂ = γ ⊙ (x − μ)/σ + β
/// layer norm   μ = mean(x), σ = √(mean((x − μ)²) + ε)       RMS norm   μ = 0, σ = √(mean(x²) + ε)       none   μ = 0, σ = 1
/// </code>
/// with γ = 1 and β, b_U = 0 where the architecture has none, and W_U = W_Eᵀ where embeddings are tied.
/// </summary>
/// <remarks>
/// For single positions whose logits are wanted for themselves; the losses of whole rows go through <see cref="TransformerEvaluator"/>.
/// All methods can be called from several threads. The parameters must stay as they are while this is used.
/// </remarks>
public sealed class Readout
{
    private readonly ParameterSet _parameters;
    private readonly TransformerConfig _config;
    private readonly Lazy<double[]> _meanUnembedding;

    /// <summary>The readout of a network.</summary>
    /// <param name="parameters">The network; it stays the caller's.</param>
    public Readout(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        _config = parameters.Layout.Config;
        _meanUnembedding = new Lazy<double[]>(MeanUnembedding);
    }

    private ParameterLayout Layout => _parameters.Layout;

    /// <summary>One logit, x̂·W_U[:, token] + b_U[token]: d multiplications, where all logits would be d·V.</summary>
    /// <param name="residual">x, d numbers: a row of <see cref="RowPass.Residual(int)"/> after the last block.</param>
    /// <param name="token">Which logit, below <see cref="TransformerConfig.Logits"/>.</param>
    /// <exception cref="ArgumentException">The residual is not d numbers, or there is no such logit.</exception>
    public double Logit(ReadOnlySpan<float> residual, int token)
    {
        CheckLogit(token);
        (double mean, double scale) = Statistics(residual);
        double inverseScale = 1 / scale;
        double logit = Bias(token);
        for (int k = 0; k < residual.Length; k++)
        {
            logit += Normed(residual[k], k, mean, inverseScale) * Weight(k, token);
        }

        return logit;
    }

    /// <summary>All logits, as many as <see cref="TransformerConfig.Logits"/>.</summary>
    /// <param name="residual">x, d numbers.</param>
    /// <exception cref="ArgumentException">The residual is not d numbers.</exception>
    public double[] Logits(ReadOnlySpan<float> residual)
    {
        (double mean, double scale) = Statistics(residual);
        double inverseScale = 1 / scale;
        double[] normed = new double[residual.Length];
        for (int k = 0; k < normed.Length; k++)
        {
            normed[k] = Normed(residual[k], k, mean, inverseScale);
        }

        double[] logits = new double[_config.Logits];
        for (int token = 0; token < logits.Length; token++)
        {
            logits[token] = Bias(token);
        }

        MatrixView matrix = Matrix;
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> line = matrix.Row(row);
            for (int column = 0; column < line.Length; column++)
            {
                (int token, int k) = _config.TiedEmbeddings ? (row, column) : (column, row);
                logits[token] += normed[k] * line[column];
            }
        }

        return logits;
    }

    /// <summary>log softmax of all logits, nats: minus the loss that each token would have if it came next.</summary>
    /// <param name="residual">x, d numbers.</param>
    /// <exception cref="ArgumentException">The residual is not d numbers.</exception>
    public double[] LogProbabilities(ReadOnlySpan<float> residual)
    {
        double[] logits = Logits(residual);
        double largest = logits.Max();
        double normalizer = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
        return Array.ConvertAll(logits, logit => logit - normalizer);
    }

    /// <summary>
    /// The direction u of the residual stream in which a part r of x adds r·u to the logit of a token y less the mean of all logits, the
    /// norm's scale kept as it is:
    /// <code>
    /// u = C·diag(γ)·(W_U[:, y] − mean over tokens of W_U)/σ
    /// </code>
    /// with C the centring of a layer norm, 1 for other norms. x·u is that difference itself but for β and b_U, whose share does not
    /// depend on x.
    /// </summary>
    /// <param name="residual">x, d numbers.</param>
    /// <param name="token">y, below <see cref="TransformerConfig.Logits"/>.</param>
    /// <param name="direction">Receives u, d numbers.</param>
    /// <exception cref="ArgumentException">A vector is not d numbers, or there is no such logit.</exception>
    public void Direction(ReadOnlySpan<float> residual, int token, Span<double> direction)
    {
        CheckLogit(token);
        if (direction.Length != _config.ModelWidth)
        {
            throw new ArgumentException($"A direction has {_config.ModelWidth} numbers, not {direction.Length}.", nameof(direction));
        }

        double[] mean = _meanUnembedding.Value;
        double centre = 0;
        for (int k = 0; k < direction.Length; k++)
        {
            direction[k] = Gain(k) * (Weight(k, token) - mean[k]);
            centre += direction[k] / direction.Length;
        }

        centre = _config.FinalNorm == NormKind.Layer ? centre : 0;
        double scale = Statistics(residual).Scale;
        for (int k = 0; k < direction.Length; k++)
        {
            direction[k] = (direction[k] - centre) / scale;
        }
    }

    /// <summary>W_U, d × V, or W_E, V × d, where that is its transpose.</summary>
    private MatrixView Matrix => _parameters.Matrix(_config.TiedEmbeddings ? Layout.TokenEmbedding : Layout.Unembedding);

    private float Weight(int k, int token) => _config.TiedEmbeddings ? Matrix.Row(token)[k] : Matrix.Row(k)[token];

    private double Bias(int token) => Layout.UnembeddingBias.Length > 0 ? _parameters[Layout.UnembeddingBias][token] : 0;

    private double Gain(int k) => Layout.FinalNormWeight.Length > 0 ? _parameters[Layout.FinalNormWeight][k] : 1;

    private double Normed(float value, int k, double mean, double inverseScale) =>
        ((value - mean) * inverseScale * Gain(k)) + (Layout.FinalNormBias.Length > 0 ? _parameters[Layout.FinalNormBias][k] : 0);

    /// <summary>μ and σ.</summary>
    private (double Mean, double Scale) Statistics(ReadOnlySpan<float> residual)
    {
        if (residual.Length != _config.ModelWidth)
        {
            throw new ArgumentException($"A residual vector has {_config.ModelWidth} numbers, not {residual.Length}.", nameof(residual));
        }

        if (_config.FinalNorm == NormKind.None)
        {
            return (0, 1);
        }

        double mean = 0;
        if (_config.FinalNorm == NormKind.Layer)
        {
            foreach (float value in residual)
            {
                mean += value;
            }

            mean /= residual.Length;
        }

        double squares = 0;
        foreach (float value in residual)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, Math.Sqrt((squares / residual.Length) + _config.Epsilon));
    }

    private double[] MeanUnembedding()
    {
        double[] mean = new double[_config.ModelWidth];
        MatrixView matrix = Matrix;
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> line = matrix.Row(row);
            for (int column = 0; column < line.Length; column++)
            {
                mean[_config.TiedEmbeddings ? column : row] += line[column];
            }
        }

        return Array.ConvertAll(mean, sum => sum / _config.Logits);
    }

    private void CheckLogit(int token)
    {
        if ((uint)token >= (uint)_config.Logits)
        {
            throw new ArgumentException($"There is no logit {token}; the network has {_config.Logits}.", nameof(token));
        }
    }
}

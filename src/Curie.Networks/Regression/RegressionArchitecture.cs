using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Regression;

/// <summary>
/// The shape of a transformer that learns regression in context (arXiv 2402.02364): pre-layer-norm blocks with a ReLU MLP, no biases in
/// attention,
/// linear embeddings of tokens and positions without biases, layer norm and a linear map with bias at the end.
/// </summary>
public sealed record RegressionArchitecture
{
    /// <summary>
    /// The published network: with D = 4 and K = 8 it has 51,717 parameters. Its blocks return x + attention + MLP and are added to x once
    /// more, so that
    /// the residual stream is doubled by each; published weights, norms and learning coefficients depend on that.
    /// </summary>
    public static RegressionArchitecture Published { get; } = new();

    /// <summary>Blocks. Default 2.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width d of the residual stream. Default 64.</summary>
    public int ModelWidth { get; init; } = 64;

    /// <summary>Attention heads per block. Default 4.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Width e of a head. Default 16.</summary>
    public int HeadWidth { get; init; } = 16;

    /// <summary>Width of the MLP's hidden layer. Default 64.</summary>
    public int MlpWidth { get; init; } = 64;

    /// <summary>Added to the variance in every layer norm. Default 1e-5.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>
    /// Whether a block maps x to 2x + attention(LN1 x) + MLP(LN2(x + attention)) in place of x + attention + MLP. Default true, as
    /// published.
    /// </summary>
    public bool DoubleResidual { get; init; } = true;

    /// <summary>A network of this shape whose weights are zeros.</summary>
    /// <param name="task">What it learns.</param>
    /// <param name="source">The file or setting that gave the sizes, for the message.</param>
    /// <exception cref="Numerics.InputException">A size is not positive or too large.</exception>
    public ParameterSet CreateModel(RegressionTask task, string source = "the architecture") =>
        new(new ParameterLayout(Shape(task, source)));

    /// <summary>
    /// The shape as that of a transformer over tokens of D + 1 numbers in place of a vocabulary of D + 1: token (0, x) or (y, 0, …) times
    /// W_E. Checked.
    /// </summary>
    /// <param name="task">Gives D and K.</param>
    /// <param name="source">The file or setting that gave the sizes, for the message.</param>
    /// <exception cref="Numerics.InputException">A size is not positive or too large.</exception>
    public TransformerConfig Shape(RegressionTask task, string source = "the architecture")
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Validate(source);
        TransformerConfig shape = new()
        {
            Layers = Layers,
            ModelWidth = ModelWidth,
            Heads = Heads,
            HeadWidth = HeadWidth,
            MlpWidth = MlpWidth,
            Vocabulary = task.Dimension + 1,
            ContextLength = task.Tokens,
            Activation = Activation.Relu,
            Epsilon = Epsilon,
            AttentionBiases = false,
            OutputBiases = false,
            Task = task,
            DoubleResidual = DoubleResidual,
            JointProjection = true,
        };
        shape.Validate(source);
        return MlpWidth > 0 ? shape : throw new Numerics.InputException($"{source}: d_mlp is 0; it must be 1 to 1048576.");
    }
}

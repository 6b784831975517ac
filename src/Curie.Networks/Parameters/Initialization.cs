using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Networks.Parameters;

/// <summary>
/// Initial weights as TransformerLens's "gpt2" mode: every weight matrix N(0, (0.8/√d_model)²), biases 0, layer norms w = 1, b = 0.
/// </summary>
public static class Initialization
{
    private const double SinusoidBase = 1000;

    /// <summary>Fills a set of parameters.</summary>
    /// <param name="parameters">Receives the values.</param>
    /// <param name="kernels">Draws the normal numbers; each tensor has a stream of its own, keyed by its name.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="positions">How W_pos starts.</param>
    public static void Fill(
        ParameterSet parameters,
        Kernels kernels,
        long seed,
        PositionInitialization positions = PositionInitialization.Normal
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(kernels);
        float deviation = 0.8f / MathF.Sqrt(parameters.Layout.Config.ModelWidth);
        foreach (ParameterTensor tensor in parameters.Layout.Tensors)
        {
            Span<float> values = parameters[tensor];
            string kind = tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..];
            if (kind.StartsWith("W_", StringComparison.Ordinal))
            {
                kernels.FillGaussian(PhiloxKey.Derive(seed, RandomPurpose.Initialization, tensor.Name), 0, 0, values);
                foreach (ref float value in values)
                {
                    value *= deviation;
                }
            }
            else
            {
                values.Fill(kind == "w" ? 1f : 0f);
            }
        }

        if (positions == PositionInitialization.Sinusoidal)
        {
            FillSinusoids(parameters);
        }
    }

    private static void FillSinusoids(ParameterSet parameters)
    {
        MatrixView table = parameters.Matrix(parameters.Layout.PositionEmbedding);
        for (int t = 0; t < table.Rows; t++)
        {
            Span<float> row = table.Row(t);
            for (int i = 0; i < row.Length; i++)
            {
                double angle = t * Math.Pow(SinusoidBase, -(double)(i - (i % 2)) / row.Length);
                row[i] = (float)(i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
    }
}

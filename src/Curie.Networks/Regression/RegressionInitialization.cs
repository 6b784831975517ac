using Curie.Networks.Parameters;
using Curie.Numerics.Random;

namespace Curie.Networks.Regression;

/// <summary>
/// Initial weights as PyTorch's linear layers have them: every weight and bias uniform on ±1/√(inputs of its layer); layer norms w = 1, b =
/// 0.
/// </summary>
public static class RegressionInitialization
{
    /// <summary>Fills a model.</summary>
    /// <param name="parameters">Receives the values.</param>
    /// <param name="seed">The seed; each tensor has a stream of its own, keyed by its name.</param>
    public static void Fill(ParameterSet parameters, long seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (ParameterTensor tensor in parameters.Layout.Tensors)
        {
            Span<float> values = parameters[tensor];
            if (Inputs(tensor, parameters.Layout) is not { } inputs)
            {
                values.Fill(tensor.Name.EndsWith(".w", StringComparison.Ordinal) ? 1f : 0f);
                continue;
            }

            double bound = 1 / Math.Sqrt(inputs);
            PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Initialization, tensor.Name));
            foreach (ref float value in values)
            {
                value = (float)(bound * ((2 * random.NextDouble()) - 1));
            }
        }
    }

    /// <summary>How many numbers enter the layer that a tensor belongs to; null for a layer norm.</summary>
    private static int? Inputs(ParameterTensor tensor, ParameterLayout layout) =>
        tensor.Name.Split('.')[^1] switch
        {
            "W_E" => layout.Config.Vocabulary,
            "W_pos" => layout.Config.ContextLength,
            "W_Q" or "W_K" or "W_V" or "W_in" or "b_in" or "W_U" or "b_U" => layout.Config.ModelWidth,
            "W_O" => layout.Config.AttentionWidth,
            "W_out" or "b_out" => layout.Config.MlpWidth,
            _ => null,
        };
}

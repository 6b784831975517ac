using Curie.Networks.Files;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Exports;

/// <summary>A network's tensors as another library stores them: where <see cref="WeightReader"/> takes from, this puts.</summary>
internal static class WeightWriter
{
    /// <summary>The stored tensors, in the order of the layout.</summary>
    /// <param name="parameters">The weights; they are read when the file is written.</param>
    /// <param name="map">Where they lie in the file.</param>
    public static IReadOnlyList<SafetensorsSource> Sources(ParameterSet parameters, TensorMap map)
    {
        Dictionary<string, ParameterTensor> tensors = map.Layout.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        return
        [
            .. map
                .Layout.Tensors.Select(tensor => (Tensor: tensor, Place: map.Places[tensor.Name]))
                .GroupBy(pair => pair.Place.Name)
                .Select(stored => new SafetensorsSource(stored.Key, stored.First().Place.Shape, Fill([.. stored]))),
        ];

        Action<Span<float>> Fill((ParameterTensor Tensor, TensorPlace Place)[] parts) =>
            whole =>
            {
                foreach ((ParameterTensor tensor, TensorPlace place) in parts)
                {
                    Scatter(parameters[tensor], tensor.Shape, place, whole);
                }
            };
    }

    private static void Scatter(ReadOnlySpan<float> values, IReadOnlyList<int> shape, TensorPlace place, Span<float> whole)
    {
        int columns = shape[^1];
        foreach ((int row, long first) in place.Rows(shape))
        {
            for (int j = 0; j < columns; j++)
            {
                whole[(int)(first + (j * place.Strides[^1]))] = values[row + j];
            }
        }
    }
}

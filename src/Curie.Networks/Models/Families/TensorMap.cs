using System.Diagnostics.CodeAnalysis;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Families;

/// <summary>Where every tensor of a layout lies in a file of another library, and which tensors of such a file say nothing.</summary>
internal sealed class TensorMap
{
    private readonly Dictionary<string, TensorPlace> _places = new(StringComparer.Ordinal);
    private readonly List<string> _copies = [];

    /// <summary>An empty map.</summary>
    /// <param name="layout">The tensors to place.</param>
    public TensorMap(ParameterLayout layout) => Layout = layout;

    /// <summary>The tensors that are placed.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>
    /// Whether a stored tensor that no place names says nothing about the function: masks, tables that follow from the configuration.
    /// </summary>
    public Func<string, bool> IsBuffer { get; init; } = _ => false;

    /// <summary>Tables of sines of rotary positions in the file, which must be those of the configuration; null if it has none.</summary>
    public Func<string, bool>? IsSineTable { get; init; }

    /// <summary>Stored tensors that repeat the token embedding because the output shares it: equal to it wherever they are there.</summary>
    public IReadOnlyList<string> Copies => _copies;

    /// <summary>The places by the names of Curie's tensors.</summary>
    public IReadOnlyDictionary<string, TensorPlace> Places => _places;

    /// <summary>Places a tensor; nothing where the architecture lacks it.</summary>
    public void Add([NotNull] ParameterTensor tensor, TensorPlace place)
    {
        if (tensor.Length > 0)
        {
            _places.Add(tensor.Name, place);
        }
    }

    /// <summary>Places a tensor that is stored as it is, or with dimensions joined.</summary>
    public void AddSame(ParameterTensor tensor, string name, IReadOnlyList<int>? stored = null) =>
        Add(tensor, TensorPlace.Same(name, tensor.Shape, stored));

    /// <summary>Places a matrix that is stored as PyTorch's Linear has it.</summary>
    public void AddLinear(ParameterTensor tensor, string name) => Add(tensor, TensorPlace.Linear(name, tensor.Shape[0], tensor.Shape[1]));

    /// <summary>Places one of W_Q, W_K, W_V and its biases, each a Linear of its own.</summary>
    public void AddHeads(ParameterTensor weight, ParameterTensor bias, string linear)
    {
        (int heads, int d, int e) = (weight.Shape[0], weight.Shape[1], weight.Shape[2]);
        Add(weight, TensorPlace.HeadRows(linear + ".weight", heads * e, d, e, 0, e));
        Add(bias, TensorPlace.HeadBiases(linear + ".bias", heads * e, 0, e));
    }

    /// <summary>Places W_O and b_O, a Linear from all heads side by side.</summary>
    public void AddOutput(ParameterTensor weight, ParameterTensor bias, string linear)
    {
        Add(weight, TensorPlace.OutputColumns(linear + ".weight", weight.Shape[0], weight.Shape[1], weight.Shape[2]));
        AddSame(bias, linear + ".bias");
    }

    /// <summary>Places a matrix and its biases, stored as a Linear.</summary>
    public void AddLinear(ParameterTensor weight, ParameterTensor bias, string linear)
    {
        AddLinear(weight, linear + ".weight");
        AddSame(bias, linear + ".bias");
    }

    /// <summary>Places a norm's weights and biases.</summary>
    public void AddNorm(ParameterTensor weight, ParameterTensor bias, string norm)
    {
        AddSame(weight, norm + ".weight");
        AddSame(bias, norm + ".bias");
    }

    /// <summary>Places the unembedding, stored as a Linear; where it is shared, a stored one must repeat the token embedding.</summary>
    public void AddUnembedding(string linear)
    {
        if (Layout.Config.TiedEmbeddings)
        {
            _copies.Add(linear + ".weight");
        }

        AddLinear(Layout.Unembedding, Layout.UnembeddingBias, linear);
    }
}

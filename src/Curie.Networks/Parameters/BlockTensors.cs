namespace Curie.Networks.Parameters;

/// <summary>
/// The tensors of one block. The MLP's are null in an attention-only model; attention biases that an architecture lacks have no elements.
/// </summary>
public sealed record BlockTensors(
    ParameterTensor Ln1Weight,
    ParameterTensor Ln1Bias,
    ParameterTensor Query,
    ParameterTensor Key,
    ParameterTensor Value,
    ParameterTensor Output,
    ParameterTensor QueryBias,
    ParameterTensor KeyBias,
    ParameterTensor ValueBias,
    ParameterTensor OutputBias,
    ParameterTensor? Ln2Weight,
    ParameterTensor? Ln2Bias,
    ParameterTensor? MlpIn,
    ParameterTensor? MlpInBias,
    ParameterTensor? MlpOut,
    ParameterTensor? MlpOutBias
)
{
    /// <summary>All attention tensors that the architecture has, b_O included, layer norm not.</summary>
    public IEnumerable<ParameterTensor> Attention =>
        new[] { Query, Key, Value, Output, QueryBias, KeyBias, ValueBias, OutputBias }.Where(tensor => tensor.Length > 0);

    /// <summary>All MLP tensors, layer norm not; empty in an attention-only model.</summary>
    public IEnumerable<ParameterTensor> Mlp => new[] { MlpIn, MlpInBias, MlpOut, MlpOutBias }.OfType<ParameterTensor>();

    /// <summary>The layer norms' tensors.</summary>
    public IEnumerable<ParameterTensor> LayerNorms => new[] { Ln1Weight, Ln1Bias, Ln2Weight, Ln2Bias }.OfType<ParameterTensor>();
}

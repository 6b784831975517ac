namespace Curie.Networks.Parameters;

/// <summary>The tensors of one block. Those that an architecture lacks have no elements.</summary>
public sealed record BlockTensors
{
    /// <summary>The weights of the norm in front of attention, d.</summary>
    public required ParameterTensor Ln1Weight { get; init; }

    /// <summary>The biases of the norm in front of attention, d.</summary>
    public required ParameterTensor Ln1Bias { get; init; }

    /// <summary>W_Q, heads × d × e.</summary>
    public required ParameterTensor Query { get; init; }

    /// <summary>W_K, g × d × e.</summary>
    public required ParameterTensor Key { get; init; }

    /// <summary>W_V, g × d × e.</summary>
    public required ParameterTensor Value { get; init; }

    /// <summary>W_O, heads × e × d.</summary>
    public required ParameterTensor Output { get; init; }

    /// <summary>b_Q, heads × e.</summary>
    public required ParameterTensor QueryBias { get; init; }

    /// <summary>b_K, g × e.</summary>
    public required ParameterTensor KeyBias { get; init; }

    /// <summary>b_V, g × e.</summary>
    public required ParameterTensor ValueBias { get; init; }

    /// <summary>b_O, d.</summary>
    public required ParameterTensor OutputBias { get; init; }

    /// <summary>The weights of the norm of queries, e.</summary>
    public required ParameterTensor QueryNorm { get; init; }

    /// <summary>The weights of the norm of keys, e.</summary>
    public required ParameterTensor KeyNorm { get; init; }

    /// <summary>The weights of the norm in front of the MLP, d.</summary>
    public required ParameterTensor Ln2Weight { get; init; }

    /// <summary>The biases of the norm in front of the MLP, d.</summary>
    public required ParameterTensor Ln2Bias { get; init; }

    /// <summary>W_in, d × d_mlp.</summary>
    public required ParameterTensor MlpIn { get; init; }

    /// <summary>b_in, d_mlp.</summary>
    public required ParameterTensor MlpInBias { get; init; }

    /// <summary>W_gate, d × d_mlp.</summary>
    public required ParameterTensor MlpGate { get; init; }

    /// <summary>b_gate, d_mlp.</summary>
    public required ParameterTensor MlpGateBias { get; init; }

    /// <summary>The weights of the norm behind the nonlinearity, d_mlp.</summary>
    public required ParameterTensor MlpNormWeight { get; init; }

    /// <summary>The biases of the norm behind the nonlinearity, d_mlp.</summary>
    public required ParameterTensor MlpNormBias { get; init; }

    /// <summary>W_out, d_mlp × d.</summary>
    public required ParameterTensor MlpOut { get; init; }

    /// <summary>b_out, d.</summary>
    public required ParameterTensor MlpOutBias { get; init; }

    /// <summary>The tensors of which a head has slices of its own: W_Q, W_O, b_Q.</summary>
    public IEnumerable<ParameterTensor> OfHeads => Present(Query, Output, QueryBias);

    /// <summary>The tensors of which a key-value head has slices of its own: W_K, W_V, b_K, b_V.</summary>
    public IEnumerable<ParameterTensor> OfGroups => Present(Key, Value, KeyBias, ValueBias);

    /// <summary>All attention tensors, b_O and the norms of queries and keys included, the norm in front not.</summary>
    public IEnumerable<ParameterTensor> Attention =>
        Present(Query, Key, Value, Output, QueryBias, KeyBias, ValueBias, OutputBias, QueryNorm, KeyNorm);

    /// <summary>All MLP tensors, the norm behind its nonlinearity included, the norm in front not.</summary>
    public IEnumerable<ParameterTensor> Mlp =>
        Present(MlpIn, MlpInBias, MlpGate, MlpGateBias, MlpNormWeight, MlpNormBias, MlpOut, MlpOutBias);

    /// <summary>The tensors of the norms in front of attention and MLP.</summary>
    public IEnumerable<ParameterTensor> LayerNorms => Present(Ln1Weight, Ln1Bias, Ln2Weight, Ln2Bias);

    private static IEnumerable<ParameterTensor> Present(params ParameterTensor[] tensors) => tensors.Where(tensor => tensor.Length > 0);
}

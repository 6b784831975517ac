using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Regression;

/// <summary>The matrices of one block, packed, with the heads side by side. A = heads·e.</summary>
internal sealed class RegressionPackedBlock(TransformerConfig shape, Kernels kernels) : IDisposable
{
    /// <summary>[W_Q | W_K | W_V], d × 3A.</summary>
    public PackedPair QueryKeyValue { get; } = new(kernels, shape.ModelWidth, 3 * shape.AttentionWidth);

    /// <summary>W_O, A × d.</summary>
    public PackedPair Output { get; } = new(kernels, shape.AttentionWidth, shape.ModelWidth);

    /// <summary>W_in, d × d_mlp.</summary>
    public PackedPair MlpIn { get; } = new(kernels, shape.ModelWidth, shape.MlpWidth);

    /// <summary>W_out, d_mlp × d.</summary>
    public PackedPair MlpOut { get; } = new(kernels, shape.MlpWidth, shape.ModelWidth);

    /// <summary>Packs again what <paramref name="changed"/> touches.</summary>
    public void Refresh(Kernels kernels, ParameterSet parameters, int layer, Restriction changed)
    {
        BlockTensors tensors = parameters.Layout.Blocks[layer];
        ParameterTensor[] sources = [tensors.Query, tensors.Key, tensors.Value];
        for (int part = 0; part < sources.Length; part++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                if (changed.TouchesSlice(sources[part], head))
                {
                    QueryKeyValue.Pack(kernels, parameters.Slice(sources[part], head), 0, ((part * shape.Heads) + head) * shape.HeadWidth);
                }
            }
        }

        Refresh(kernels, parameters, tensors.Output, Output, changed);
        Refresh(kernels, parameters, tensors.MlpIn!, MlpIn, changed);
        Refresh(kernels, parameters, tensors.MlpOut!, MlpOut, changed);
    }

    public void Dispose()
    {
        QueryKeyValue.Dispose();
        Output.Dispose();
        MlpIn.Dispose();
        MlpOut.Dispose();
    }

    private static void Refresh(Kernels kernels, ParameterSet parameters, ParameterTensor tensor, PackedPair packed, Restriction changed)
    {
        if (changed.Touches(tensor))
        {
            packed.Pack(kernels, parameters.Matrix(tensor), 0, 0);
        }
    }
}

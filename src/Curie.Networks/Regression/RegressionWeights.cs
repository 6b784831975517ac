using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Regression;

/// <summary>
/// The weights of a regression transformer in the form that the passes read: the flat set, and its matrices packed for the products. Shared
/// by all
/// workers; <see cref="Refresh"/> after every change of the parameters.
/// </summary>
public sealed class RegressionWeights : IDisposable
{
    private readonly Kernels _kernels;

    /// <summary>Packs all weights of <paramref name="model"/>, which stays the owner of the values.</summary>
    public RegressionWeights(RegressionModel model, Kernels kernels)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(kernels);
        Model = model;
        _kernels = kernels;
        TransformerConfig shape = model.Parameters.Layout.Config;
        Embed = kernels.CreatePacked(shape.Vocabulary, shape.ModelWidth);
        Unembed = new PackedPair(kernels, shape.ModelWidth, shape.Vocabulary);
        Blocks = [.. model.Parameters.Layout.Blocks.Select(_ => new RegressionPackedBlock(shape, kernels))];
        Refresh(new Restriction([new ParameterSegment(0, model.Parameters.Layout.Length)]));
    }

    /// <summary>The model.</summary>
    public RegressionModel Model { get; }

    /// <summary>The values.</summary>
    public ParameterSet Parameters => Model.Parameters;

    internal PackedMatrix Embed { get; }

    internal PackedPair Unembed { get; }

    internal IReadOnlyList<RegressionPackedBlock> Blocks { get; }

    /// <summary>Packs again what <paramref name="changed"/> touches.</summary>
    public void Refresh(Restriction changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ParameterLayout layout = Parameters.Layout;
        if (changed.Touches(layout.TokenEmbedding))
        {
            _kernels.Pack(Parameters.Matrix(layout.TokenEmbedding), Embed);
        }

        if (changed.Touches(layout.Unembedding))
        {
            Unembed.Pack(_kernels, Parameters.Matrix(layout.Unembedding), 0, 0);
        }

        for (int layer = 0; layer < Blocks.Count; layer++)
        {
            Blocks[layer].Refresh(_kernels, Parameters, layer, changed);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Embed.Dispose();
        Unembed.Dispose();
        foreach (RegressionPackedBlock block in Blocks)
        {
            block.Dispose();
        }
    }
}

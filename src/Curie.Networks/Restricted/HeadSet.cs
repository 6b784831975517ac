using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// Components of one layer that vary one at a time, each a key-value head with the h query heads that read it: their weight vectors, and
/// what takes a component at w* out of the residual stream. u = h·e is the width of a component's queries and mixed values; h is 1 where
/// every head has its own keys.
/// </summary>
internal sealed unsafe class HeadSet : IDisposable
{
    private readonly HeadPlace[] _places;
    private readonly PackedHead[][] _loaded;
    private readonly PackedMatrix[] _removals;

    /// <summary>Room for weight vectors of the given components, all of one layer; w* is loaded into every slot.</summary>
    public HeadSet(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots)
    {
        GradientSlots = gradientSlots;
        Network = network;
        Components = components;
        Slots = slots;
        _places = [.. components.Select(component => Place(network.Layout, component))];
        Plan = GradientPlan.To(network.Layout, Output);
        _loaded = [.. components.Select(_ => Enumerable.Range(0, slots).Select(_ => new PackedHead(Config, Kernels)).ToArray())];
        _removals = [.. Enumerable.Range(0, Count).Select(PackRemoval)];
        float[] origin = new float[HeadVector.LengthFor(Config)];
        for (int component = 0; component < Count; component++)
        {
            CopyOrigin(component, origin);
            for (int slot = 0; slot < slots; slot++)
            {
                Load(component, slot, origin);
            }
        }
    }

    public FrozenNetwork Network { get; }

    public IReadOnlyList<Component> Components { get; }

    public int Slots { get; }

    /// <summary>The slots, from the first, that may be asked for gradients.</summary>
    public int GradientSlots { get; }

    public int Count => _places.Length;

    public TransformerConfig Config => Network.Layout.Config;

    public Kernels Kernels => Network.Kernels;

    /// <summary>The heads' layer.</summary>
    public int Layer => _places[0].Layer;

    /// <summary>The residual stream behind the heads: the first that depends on them.</summary>
    public NetworkPoint Output => new(Layer, AfterAttention: true);

    /// <summary>The gradient of <see cref="Output"/> and of no parameter.</summary>
    public GradientPlan Plan { get; }

    /// <summary>A loaded weight vector.</summary>
    public PackedHead this[LoadedWeights point] => _loaded[point.Component][point.Slot];

    /// <summary>W_O of a component at w*, u × d.</summary>
    public MatrixView OriginOutput(int component) =>
        Network
            .Origin.Matrix(Network.Layout.Blocks[Layer].Output)
            .RowRange(_places[component].Group * Config.GroupWidth, Config.GroupWidth);

    /// <summary>The mixed values of a component's heads among those of the whole layer, n × u.</summary>
    public MatrixView Mixed(int component, BlockActivations block, int n) =>
        block.Z(n).ColumnRange(_places[component].Group * Config.GroupWidth, Config.GroupWidth);

    public void CopyOrigin(int component, Span<float> w) => Components[component].Restriction.Gather(Network.Origin, w);

    public void Load(int component, int slot, ReadOnlySpan<float> w)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, HeadVector.LengthFor(Config));
        fixed (float* data = w)
        {
            _loaded[component][slot].Pack(Kernels, new HeadVector(data, Config));
        }
    }

    /// <summary>The residual stream behind the heads at a weight vector: r = r* − z*·W_O* + z·W_O, at as many positions as z has.</summary>
    public void Replace(LoadedWeights point, MatrixView originResidual, MatrixView originMixed, MatrixView mixed, MatrixView residual)
    {
        Remove(point.Component, originResidual, originMixed, residual);
        Kernels.Multiply(mixed, this[point].Output, residual, accumulate: true);
    }

    /// <summary>
    /// The residual stream behind the heads without one component: r_h = r* − z*·W_O*, the same for all its weight vectors.
    /// </summary>
    public void Remove(int component, MatrixView originResidual, MatrixView originMixed, MatrixView headless)
    {
        RowCopy.All(originResidual, headless);
        Kernels.Multiply(originMixed, _removals[component], headless, accumulate: true);
    }

    /// <summary>
    /// The residual stream behind the heads at a weight vector from that without the component: r = r_h + z·W_O, the bits of
    /// <see cref="Replace"/>.
    /// </summary>
    public void Put(LoadedWeights point, MatrixView headless, MatrixView mixed, MatrixView residual)
    {
        RowCopy.All(headless, residual);
        Kernels.Multiply(mixed, this[point].Output, residual, accumulate: true);
    }

    public void Dispose()
    {
        Array.ForEach(_loaded, slots => Array.ForEach(slots, head => head.Dispose()));
        Array.ForEach(_removals, packed => packed.Dispose());
    }

    private static HeadPlace Place(ParameterLayout layout, Component component) =>
        HeadPlace.Find(layout, component.Restriction)
        ?? throw new ArgumentException($"{component.Name} is no head that is evaluated beside others.", nameof(component));

    /// <summary>−W_O at w*, u × d.</summary>
    private PackedMatrix PackRemoval(int component)
    {
        MatrixView output = OriginOutput(component);
        using AlignedBuffer<float> negated = new(output.Rows * output.Columns);
        for (int i = 0; i < negated.Length; i++)
        {
            negated.Pointer[i] = -output.Data[i];
        }

        PackedMatrix packed = Kernels.CreatePacked(output.Rows, output.Columns);
        Kernels.Pack(new MatrixView(negated.Pointer, output.Rows, output.Columns), packed);
        return packed;
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// Heads of one layer that vary one at a time: their weight vectors, and what takes a head at w* out of the residual stream.
/// </summary>
internal sealed unsafe class HeadSet : IDisposable
{
    private readonly HeadPlace[] _places;
    private readonly PackedHead[][] _loaded;
    private readonly PackedMatrix[] _removals;

    /// <summary>Room for weight vectors of the given components, heads of one layer all; w* is loaded into every slot.</summary>
    public HeadSet(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots)
    {
        GradientSlots = gradientSlots;
        Network = network;
        Components = components;
        Slots = slots;
        _places = [.. components.Select(component => Place(network.Layout, component))];
        _loaded = [.. components.Select(_ => Enumerable.Range(0, slots).Select(_ => new PackedHead(Config, Kernels)).ToArray())];
        _removals = [.. _places.Select(place => Removal(place))];
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

    /// <summary>A loaded weight vector.</summary>
    public PackedHead this[LoadedWeights point] => _loaded[point.Component][point.Slot];

    /// <summary>The head's number within its layer.</summary>
    public int Head(int component) => _places[component].Head;

    /// <summary>−W_O at w*, e × d.</summary>
    public PackedMatrix Removal(int component) => _removals[component];

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
    /// The residual stream behind the heads without one of them: r_h = r* − z*·W_O*, the same for all its weight vectors.
    /// </summary>
    public void Remove(int component, MatrixView originResidual, MatrixView originMixed, MatrixView headless)
    {
        RowCopy.All(originResidual, headless);
        Kernels.Multiply(originMixed, _removals[component], headless, accumulate: true);
    }

    /// <summary>
    /// The residual stream behind the heads at a weight vector from that without the head: r = r_h + z·W_O, the bits of
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
        HeadPlace.Find(layout, component.Restriction) ?? throw new ArgumentException($"{component.Name} is not a head.", nameof(component));

    private PackedMatrix Removal(HeadPlace place)
    {
        MatrixView output = Network.Origin.Slice(Network.Layout.Blocks[place.Layer].Output, place.Head);
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

using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Losses at a draw and minibatch gradients of heads, alone and in lockstep, on a model and its rows. A token counts once for every head
/// and
/// chain; the necessary operations are those of <see cref="GroupCost"/>, what is shared divided among them.
/// </summary>
internal sealed class RestrictedBenchmark : IDisposable
{
    private const int Chains = 4;
    private readonly FrozenNetwork _network;
    private readonly TokenRows _rows;
    private readonly PassTimer _timer;
    private readonly int _workers;

    public RestrictedBenchmark(ParameterSet model, TransformerEvaluator evaluator, TokenRows rows, PassTimer timer)
    {
        _network = new FrozenNetwork(model, evaluator);
        _rows = rows;
        _timer = timer;
        _workers = evaluator.Machine.Pool.Workers;
    }

    public IReadOnlyList<ModelRate> Run()
    {
        ParameterLayout layout = _network.Layout;
        string last = $"l{layout.Config.Layers - 1}";
        IReadOnlyList<Component> heads = Parse([.. Enumerable.Range(0, layout.Config.Heads).Select(head => $"{last}h{head}")]);
        return
        [
            Losses("losses, a last-layer head, 4 chains", Parse([$"{last}h3"]), kept: true),
            Losses("losses, all last-layer heads, 4 chains", heads, kept: false),
            Losses("losses, a first-layer head, 4 chains", Parse(["l0h3"]), kept: true),
            Gradient("gradient, a last-layer head", Parse([$"{last}h3"])),
            Gradient("gradient, all last-layer heads", heads),
            Gradient("gradient, a first-layer head", Parse(["l0h3"])),
        ];
    }

    public void Dispose() => _network.Dispose();

    private IReadOnlyList<Component> Parse(string[] names) => new ComponentParser(_network.Layout).ParseAll(names);

    private int[] AllRows() => [.. Enumerable.Range(0, _rows.Count)];

    private ModelRate Losses(string work, IReadOnlyList<Component> components, bool kept)
    {
        using IRestrictedGroup group = RestrictedGroups.Create(_network, components, Chains);
        long memory = kept ? 1L << 30 : 0;
        using IFrozenRows frozen = group.Freeze(_rows, AllRows(), null, memory);
        frozen.UseSpareMemory(memory);
        LoadedWeights[] points = [.. Enumerable.Range(0, components.Count * Chains).Select(i => new LoadedWeights(i / Chains, i % Chains))];
        int tokens = _rows.Count * (_rows.ContextLength - 1);
        float[] losses = new float[points.Length * tokens];
        GroupCost cost = GroupCost.Of(_network.Layout, components[0], Chains, _workers);
        double shared = kept ? 0 : cost.LossShared / points.Length;
        return _timer.Time(work, cost.LossEach + shared, (long)points.Length * tokens, () => frozen.Losses(points, losses, []));
    }

    private ModelRate Gradient(string work, IReadOnlyList<Component> components)
    {
        using IRestrictedGroup group = RestrictedGroups.Create(_network, components, slots: 1);
        AlignedBuffer<float>[] gradients = [.. components.Select(component => new AlignedBuffer<float>(component.Restriction.Dimension))];
        try
        {
            LoadedWeights[] places = [.. Enumerable.Range(0, components.Count).Select(component => new LoadedWeights(component, 0))];
            int[] batch = AllRows();
            double[] losses = new double[places.Length];
            GroupCost cost = GroupCost.Of(_network.Layout, components[0], slots: 1, _workers);
            long tokens = (long)places.Length * batch.Length * (_rows.ContextLength - 1);
            return _timer.Time(work, cost.GradientEach + (cost.GradientShared / places.Length), tokens, () =>
                group.LossesAndGradients(_rows, batch, places, losses, gradients)
            );
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient.Dispose());
        }
    }
}

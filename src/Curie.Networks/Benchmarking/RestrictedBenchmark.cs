using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Losses at a draw and minibatch gradients of every kind of component, heads alone and in lockstep, on a model and its rows. A token
/// counts once for every component and chain; the necessary operations are those of <see cref="GroupCost"/>, what is shared divided
/// among them.
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
        TransformerConfig config = _network.Layout.Config;
        IReadOnlyList<Component> heads = Parse("heads");
        IReadOnlyList<Component> last = [.. heads.Skip((config.Layers - 1) * config.Groups)];
        IReadOnlyList<Component> first = [.. heads.Take(config.Groups)];
        List<ModelRate> rates = [.. Heads("last-layer", last)];
        if (config.Layers > 1)
        {
            rates.AddRange(Heads("first-layer", first));
        }

        string layer = FormattableString.Invariant($"l{config.Layers / 2}");
        string[] others = config.AttentionOnly ? [layer] : [$"{layer}.mlp", layer];
        foreach (string name in (string[])[.. others, config.TiedEmbeddings ? "embed" : "unembed", Component.FullName])
        {
            rates.Add(Losses($"losses, {name}", Parse(name), kept: true));
            rates.Add(Gradient($"gradient, {name}", Parse(name)));
        }

        return rates;
    }

    public void Dispose() => _network.Dispose();

    /// <summary>One head of a layer, and all of them where they go in lockstep.</summary>
    private IEnumerable<ModelRate> Heads(string layer, IReadOnlyList<Component> heads)
    {
        IReadOnlyList<Component> one = [heads[heads.Count / 2]];
        yield return Losses($"losses, a {layer} head, 4 chains", one, kept: true);
        yield return Gradient($"gradient, a {layer} head", one);
        if (RestrictedGroups.Partition(_network.Layout, heads).Count == 1)
        {
            yield return Losses($"losses, all {layer} heads, 4 chains", heads, kept: false);
            yield return Gradient($"gradient, all {layer} heads", heads);
        }
    }

    private IReadOnlyList<Component> Parse(string name) => new ComponentParser(_network.Layout).ParseAll([name]);

    private int[] AllRows() => [.. Enumerable.Range(0, _rows.Count)];

    private ModelRate Losses(string work, IReadOnlyList<Component> components, bool kept)
    {
        using IRestrictedGroup group = RestrictedGroups.Create(_network, components, Chains);
        int chains = Math.Min(Chains, group.Slots);
        long memory = kept ? 1L << 30 : 0;
        using IFrozenRows frozen = group.Freeze(_rows, AllRows(), null, memory);
        frozen.UseSpareMemory(memory);
        LoadedWeights[] points = [.. Enumerable.Range(0, components.Count * chains).Select(i => new LoadedWeights(i / chains, i % chains))];
        int tokens = _rows.Count * (_rows.ContextLength - 1);
        float[] losses = new float[points.Length * tokens];
        GroupCost cost = GroupCost.Of(_network.Layout, components[0], chains, _workers, rowLength: _rows.ContextLength);
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
            GroupCost cost = GroupCost.Of(_network.Layout, components[0], slots: 1, _workers, rowLength: _rows.ContextLength);
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

using Curie.Networks.Components;

namespace Curie.Versus.Items;

/// <summary>The heads of one layer, which Curie evaluates in lockstep.</summary>
internal static class LayerHeads
{
    /// <summary>The heads of the layer that a head such as <c>l1h3</c> belongs to.</summary>
    public static Component[] Beside(Bench bench, string head)
    {
        string layer = head[..head.IndexOf('h', StringComparison.Ordinal)];
        return [.. Enumerable.Range(0, bench.Model.Layout.Config.Heads).Select(h => bench.Component($"{layer}h{h}"))];
    }
}

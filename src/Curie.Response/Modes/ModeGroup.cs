namespace Curie.Response.Modes;

/// <summary>Components whose responses are factored together.</summary>
/// <param name="Name">`l0`, `l1`, … for the heads of one layer, `heads` for all heads, `components` where there are no heads.</param>
/// <param name="Rows">Their rows in the response matrix, in order.</param>
public sealed record ModeGroup(string Name, IReadOnlyList<int> Rows)
{
    /// <summary>
    /// The heads of every layer, in order of layer, then all heads where they lie in more than one layer. Components that are not heads are
    /// left out, unless there is no head: then all components form one group.
    /// </summary>
    public static IReadOnlyList<ModeGroup> PerLayerAndAll(IReadOnlyList<string> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        SortedDictionary<int, List<int>> layers = [];
        for (int row = 0; row < components.Count; row++)
        {
            if (HeadName.LayerOf(components[row]) is int layer)
            {
                if (!layers.TryGetValue(layer, out List<int>? rows))
                {
                    layers.Add(layer, rows = []);
                }

                rows.Add(row);
            }
        }

        if (layers.Count == 0)
        {
            return [new ModeGroup("components", [.. Enumerable.Range(0, components.Count)])];
        }

        List<ModeGroup> groups = [.. layers.Select(layer => new ModeGroup($"l{layer.Key}", layer.Value))];
        if (layers.Count > 1)
        {
            groups.Add(new ModeGroup("heads", [.. layers.Values.SelectMany(rows => rows).Order()]));
        }

        return groups;
    }
}

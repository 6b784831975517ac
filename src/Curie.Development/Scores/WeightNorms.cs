using Curie.Networks.Components;
using Curie.Networks.Parameters;

namespace Curie.Development.Scores;

/// <summary>
/// ‖w‖ = √Σw² of the whole model, of its embeddings and layers, and of every head, or group of heads that share keys. What a model lacks, a
/// table of positions or an unembedding of its own, has no norm.
/// </summary>
public static class WeightNorms
{
    /// <summary>The norms.</summary>
    public static IEnumerable<ModelScore> Of(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ParameterLayout layout = parameters.Layout;
        string[] unembedding = layout.Config.TiedEmbeddings ? [] : ["unembed"];
        string[] layers = [.. Enumerable.Range(0, layout.Config.Layers).Select(layer => $"l{layer}")];
        string[] names = ["full", "embed", .. unembedding, .. layers, "heads"];
        foreach (Component component in new ComponentParser(layout).ParseAll(names))
        {
            float[] values = new float[component.Restriction.Dimension];
            component.Restriction.Gather(parameters, values);
            yield return Norm(component.Name, values);
        }

        if (layout.Config.HasPositionTable)
        {
            yield return Norm("pos_embed", parameters[layout.PositionEmbedding].ToArray());
        }
    }

    private static ModelScore Norm(string component, float[] values) =>
        new(component, "weight_norm", Math.Sqrt(values.Sum(value => (double)value * value)), null);
}

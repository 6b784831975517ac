namespace Curie.Networks.Models;

/// <summary>A tensor as it is stored.</summary>
/// <param name="Name">Its name, with ? for what is no visible character, cut after 120 characters.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Type">The type of its elements, as the safetensors format names it.</param>
public sealed record InspectedTensor(string Name, IReadOnlyList<long> Shape, string Type)
{
    /// <summary>The name and the dimensions: <c>wte.weight [50257, 768]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}

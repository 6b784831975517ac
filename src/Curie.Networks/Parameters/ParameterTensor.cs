namespace Curie.Networks.Parameters;

/// <summary>One named tensor inside the flat vector of all parameters.</summary>
/// <param name="Name">TransformerLens's name, such as <c>blocks.0.attn.W_Q</c>.</param>
/// <param name="Shape">Its dimensions, row-major.</param>
/// <param name="Offset">The index of its first element in the flat vector.</param>
public sealed record ParameterTensor(string Name, IReadOnlyList<int> Shape, int Offset)
{
    /// <summary>The number of elements.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));
}

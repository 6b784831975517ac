namespace Curie.Networks.Models.Families;

/// <summary>
/// Where the elements of one of Curie's tensors lie in a tensor of another library: element (i₀, i₁, …) at offset + Σ iₖ·strideₖ of the
/// stored tensor in C order. Transposing, cutting heads out of a joint matrix and leaving rows out are all of this form, so that one
/// description serves for reading weights, for comparing gradients and for writing.
/// </summary>
/// <param name="Name">The stored tensor.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Offset">Where the first element lies.</param>
/// <param name="Strides">The steps, one for each dimension of Curie's tensor.</param>
internal sealed record TensorPlace(string Name, IReadOnlyList<int> Shape, long Offset, IReadOnlyList<long> Strides)
{
    /// <summary>A tensor stored as it is, or with some dimensions joined.</summary>
    /// <param name="name">The stored tensor.</param>
    /// <param name="shape">Curie's shape.</param>
    /// <param name="stored">The stored shape, of as many elements; null for the same.</param>
    public static TensorPlace Same(string name, IReadOnlyList<int> shape, IReadOnlyList<int>? stored = null)
    {
        long[] strides = new long[shape.Count];
        long stride = 1;
        for (int k = shape.Count - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= shape[k];
        }

        return new TensorPlace(name, stored ?? shape, 0, strides);
    }

    /// <summary>A matrix inputs × outputs, stored as PyTorch's Linear has it: outputs × inputs.</summary>
    public static TensorPlace Linear(string name, int inputs, int outputs) => new(name, [outputs, inputs], 0, [1, inputs]);

    /// <summary>W_Q, W_K or W_V, heads × d × e, stored as rows of a Linear from d.</summary>
    /// <param name="name">The stored tensor, rows × d.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="d">The residual stream's width.</param>
    /// <param name="e">A head's width: the rows of a head.</param>
    /// <param name="first">The first head's first row.</param>
    /// <param name="step">Rows from one head's first to the next one's.</param>
    public static TensorPlace HeadRows(string name, int rows, int d, int e, int first, int step) =>
        new(name, [rows, d], (long)first * d, [(long)step * d, 1, d]);

    /// <summary>The biases that belong to <see cref="HeadRows"/>, heads × e of a vector.</summary>
    public static TensorPlace HeadBiases(string name, int rows, int first, int step) => new(name, [rows], first, [step, 1]);

    /// <summary>W_Q, W_K or W_V, heads × d × e, stored as columns of a matrix d × columns (GPT-2's Conv1D).</summary>
    public static TensorPlace HeadColumns(string name, int d, int columns, int e, int first) =>
        new(name, [d, columns], first, [e, columns, 1]);

    /// <summary>W_O, heads × e × d, stored as a Linear from all heads side by side: d × (heads·e).</summary>
    public static TensorPlace OutputColumns(string name, int heads, int e, int d) => new(name, [d, heads * e], 0, [e, 1, (long)heads * e]);

    /// <summary>
    /// Where each row of the last dimension lies: its first element's index in Curie's tensor, and in the stored one. From there elements
    /// are one and the last stride apart.
    /// </summary>
    /// <param name="shape">Curie's shape.</param>
    public IEnumerable<(int Row, long First)> Rows(IReadOnlyList<int> shape)
    {
        int[] index = new int[shape.Count];
        int count = shape.Aggregate(1, (product, size) => product * size);
        for (int row = 0; row < count; row += shape[^1])
        {
            long first = Offset;
            for (int k = 0; k < index.Length - 1; k++)
            {
                first += index[k] * Strides[k];
            }

            yield return (row, first);
            for (int k = index.Length - 2; k >= 0 && ++index[k] == shape[k]; k--)
            {
                index[k] = 0;
            }
        }
    }
}

using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Networks.Models.Families;

/// <summary>Takes a network's tensors out of an archive, and makes sure that nothing is missing, left over or contradictory.</summary>
internal sealed class WeightReader(ITensorArchive archive, FamilyModel model)
{
    private const double SineTolerance = 2e-3;
    private const double Gigabyte = 1e9;

    /// <summary>Stored tensors for which the network has no place.</summary>
    public IEnumerable<string> LeftOver
    {
        get
        {
            TensorMap map = model.Map;
            HashSet<string> known = [.. map.Places.Values.Select(place => place.Name), .. map.Copies];
            return archive.Tensors.Keys.Where(name =>
                !known.Contains(name) && !map.IsBuffer(name) && map.IsSineTable?.Invoke(name) != true
            );
        }
    }

    /// <summary>Tensors of the network that are not stored, by the family's names.</summary>
    public IEnumerable<string> Missing =>
        model.Map.Places.Values.Select(place => place.Name).Distinct().Where(name => !archive.Tensors.ContainsKey(name));

    /// <summary>Reads all tensors.</summary>
    /// <exception cref="InputException">
    /// One is missing, left over, of another shape or not finite, or the memory does not hold them.
    /// </exception>
    public ParameterSet Read()
    {
        Check();
        CheckMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        ParameterSet parameters = new(model.Map.Layout);
        try
        {
            Fill(parameters);
            CheckCopies(parameters);
            CheckSines();
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    /// <summary>Checks names and shapes, so that nothing is allocated that the archive does not hold.</summary>
    /// <exception cref="InputException">A tensor is missing, left over or of another shape.</exception>
    public void Check()
    {
        CheckNames();
        foreach (TensorPlace place in model.Map.Places.Values)
        {
            Find(place.Name, place.Shape);
        }
    }

    /// <summary>Checks that the weights can be held.</summary>
    /// <param name="available">The machine's memory in bytes.</param>
    /// <exception cref="InputException">They cannot.</exception>
    internal void CheckMemory(long available)
    {
        long bytes = (long)sizeof(float) * model.Map.Layout.Length;
        if (bytes > available)
        {
            throw new InputException(
                FormattableString.Invariant($"{archive.Path} holds {bytes / Gigabyte:0.##} GB of weights in float32, and the machine has ")
                    + FormattableString.Invariant($"{available / Gigabyte:0.##} GB of memory; take a smaller model or a larger machine.")
            );
        }
    }

    /// <summary>Reads what the places name into a set, whatever it means: weights or their gradients.</summary>
    internal void Fill(ParameterSet parameters)
    {
        Dictionary<string, ParameterTensor> tensors = parameters.Layout.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (IGrouping<string, KeyValuePair<string, TensorPlace>> stored in model.Map.Places.GroupBy(pair => pair.Value.Name))
        {
            ArchivedTensor source = Find(stored.Key, stored.First().Value.Shape);
            using AlignedBuffer<float> values = new(Math.Max(source.Count, 1));
            Span<float> whole = values.Slice(0, checked((int)source.Count));
            source.CopyTo(whole);
            foreach ((string name, TensorPlace place) in stored)
            {
                Gather(whole, place, tensors[name].Shape, parameters[tensors[name]]);
            }

            CheckFinite(source.Name, whole);
        }
    }

    private static void Gather(ReadOnlySpan<float> source, TensorPlace place, IReadOnlyList<int> shape, Span<float> target)
    {
        int columns = shape[^1];
        long step = place.Strides[^1];
        foreach ((int row, long first) in place.Rows(shape))
        {
            for (int j = 0; j < columns; j++)
            {
                target[row + j] = source[(int)(first + (j * step))];
            }
        }
    }

    private void CheckNames()
    {
        if (LeftOver.FirstOrDefault() is string name)
        {
            throw new InputException(
                $"{archive.Path}: the configuration has no place for the tensor {PrintableText.Of(name)} in a network of "
                    + $"{model.Family}; give the configuration that belongs to these weights."
            );
        }
    }

    private ArchivedTensor Find(string name, IReadOnlyList<int> shape)
    {
        if (!archive.Tensors.TryGetValue(name, out ArchivedTensor? tensor))
        {
            throw new InputException(
                $"{archive.Path}: the tensor {name} is missing; give a file of a whole model of {model.Family} and its configuration."
            );
        }

        return tensor.Shape.SequenceEqual(shape.Select(size => (long)size))
            ? tensor
            : throw new InputException(
                $"{archive.Path}: {name} is {Shown(tensor.Shape)} but the configuration makes it "
                    + $"{Shown(shape.Select(size => (long)size))}; give the configuration that belongs to these weights."
            );
    }

    private static string Shown(IEnumerable<long> shape) => "[" + string.Join(", ", shape) + "]";

    private void CheckFinite(string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new InputException(
                    FormattableString.Invariant(
                        $"{archive.Path}: {name} holds {values[i]} at element {i}; use a checkpoint whose training did not diverge."
                    )
                );
            }
        }
    }

    private void CheckCopies(ParameterSet parameters)
    {
        ParameterTensor embedding = model.Map.Layout.TokenEmbedding;
        foreach (string name in model.Map.Copies.Where(archive.Tensors.ContainsKey))
        {
            ArchivedTensor copy = Find(name, embedding.Shape);
            using AlignedBuffer<float> values = new(copy.Count);
            copy.CopyTo(values.Span);
            if (!values.Span.SequenceEqual(parameters[embedding]))
            {
                throw new InputException(
                    $"{archive.Path}: {name} differs from the embedding although the configuration says that they are one; set "
                        + "tie_word_embeddings to false in the configuration if they are two."
                );
            }
        }
    }

    /// <summary>A table of sines that a file brings says how its network turns; the configuration must say the same.</summary>
    private void CheckSines()
    {
        if (model.Map.IsSineTable is not { } isTable || model.Config.Rotary is not { } rotary)
        {
            return;
        }

        double[] frequencies = rotary.Frequencies();
        foreach (ArchivedTensor table in archive.Tensors.Values.Where(tensor => isTable(tensor.Name)))
        {
            if (table.Shape is not [long positions, long columns] || columns != rotary.Dimension || table.Count > int.MaxValue)
            {
                continue;
            }

            using AlignedBuffer<float> values = new(Math.Max(table.Count, 1));
            table.CopyTo(values.Slice(0, (int)table.Count));
            for (int t = 0; t < positions; t++)
            {
                for (int i = 0; i < frequencies.Length; i++)
                {
                    int column = rotary.AdjacentPairs ? 2 * i : i;
                    if (Math.Abs(values.Span[(int)((t * columns) + column)] - Math.Sin(t * frequencies[i])) > SineTolerance)
                    {
                        throw new InputException(
                            $"{archive.Path}: {table.Name} is not the table of sines of the rotary positions that the configuration "
                                + "describes; give the configuration that belongs to these weights."
                        );
                    }
                }
            }
        }
    }
}

using Curie.Networks.Parameters;

namespace Curie.Networks.Components;

/// <summary>
/// The parameters that vary while all others stay at w*: disjoint segments of the flat vector in ascending order. Their concatenation is
/// the vector that a chain moves in.
/// </summary>
public sealed class Restriction
{
    /// <summary>A restriction to the union of the given segments, which may touch or overlap.</summary>
    public Restriction(IEnumerable<ParameterSegment> segments)
    {
        List<ParameterSegment> merged = [];
        foreach (ParameterSegment segment in segments.Where(s => s.Length > 0).OrderBy(s => s.Start))
        {
            if (merged.Count > 0 && segment.Start <= merged[^1].End)
            {
                ParameterSegment last = merged[^1];
                merged[^1] = last with { Length = Math.Max(last.End, segment.End) - last.Start };
            }
            else
            {
                merged.Add(segment);
            }
        }

        Segments = merged;
        Dimension = merged.Sum(s => s.Length);
    }

    /// <summary>The segments, ascending and disjoint.</summary>
    public IReadOnlyList<ParameterSegment> Segments { get; }

    /// <summary>The number of parameters that vary.</summary>
    public int Dimension { get; }

    /// <summary>Whether any element of <paramref name="start"/> … <paramref name="start"/> + <paramref name="length"/> varies.</summary>
    public bool Touches(int start, int length)
    {
        for (int i = 0; i < Segments.Count; i++)
        {
            if (length > 0 && Segments[i].Start < start + length && start < Segments[i].End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether any element of a tensor varies.</summary>
    public bool Touches(ParameterTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Touches(tensor.Offset, tensor.Length);
    }

    /// <summary>Whether any element of slice <paramref name="index"/> along the first dimension of a tensor varies.</summary>
    public bool TouchesSlice(ParameterTensor tensor, int index)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        int length = tensor.Length / tensor.Shape[0];
        return Touches(tensor.Offset + (index * length), length);
    }

    /// <summary>Copies the varying parameters out of a full set.</summary>
    public void Gather(ParameterSet from, Span<float> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        Span<float> values = from.Values;
        int position = 0;
        for (int i = 0; i < Segments.Count; i++)
        {
            ParameterSegment segment = Segments[i];
            values.Slice(segment.Start, segment.Length).CopyTo(to[position..]);
            position += segment.Length;
        }
    }

    /// <summary>Writes the varying parameters into a full set; nothing else changes.</summary>
    public void Scatter(ReadOnlySpan<float> from, ParameterSet to)
    {
        ArgumentNullException.ThrowIfNull(to);
        Span<float> values = to.Values;
        int position = 0;
        for (int i = 0; i < Segments.Count; i++)
        {
            ParameterSegment segment = Segments[i];
            from.Slice(position, segment.Length).CopyTo(values[segment.Start..]);
            position += segment.Length;
        }
    }
}

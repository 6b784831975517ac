using System.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>
/// Rotary positions (Su et al. 2021): the first 2p numbers of a query or key at position t are p pairs, and pair i is turned by the angle
/// θ_i(t). Elementwise, so that the bits do not depend on the width of a vector.
/// </summary>
public static unsafe class Rotary
{
    /// <summary>
    /// Turns the pairs (a, b) of every row of <paramref name="x"/> to (a·cos − b·sin, b·cos + a·sin), in place; row i stands at
    /// positions[i], or at i where there are no positions.
    /// </summary>
    /// <param name="x">n × e, e ≥ 2p.</param>
    /// <param name="cosines">Positions × p.</param>
    /// <param name="sines">Positions × p.</param>
    /// <param name="adjacent">Whether pairs are neighbours (2i, 2i + 1); otherwise they are (i, p + i).</param>
    /// <param name="inverse">Whether to turn back, which is also the transpose: for gradients.</param>
    /// <param name="positions">Where each row stands.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Rotate(
        MatrixView x,
        MatrixView cosines,
        MatrixView sines,
        bool adjacent,
        bool inverse,
        ReadOnlySpan<int> positions = default
    )
    {
        int pairs = cosines.Columns;
        if (2 * pairs > x.Columns || sines.Columns != pairs || (positions.IsEmpty ? x.Rows > cosines.Rows : positions.Length != x.Rows))
        {
            throw new ArgumentException($"Rotating {x.Rows}×{x.Columns} by {cosines.Rows}×{pairs} angles does not fit.");
        }

        for (int i = 0; i < x.Rows; i++)
        {
            int position = positions.IsEmpty ? i : positions[i];
            if (adjacent)
            {
                RotateAdjacent(x.RowPointer(i), cosines.RowPointer(position), sines.RowPointer(position), inverse, pairs);
            }
            else
            {
                RotateHalves(x.Row(i), cosines.Row(position), sines.Row(position), inverse);
            }
        }
    }

    private static void RotateAdjacent(float* x, float* cosines, float* sines, bool inverse, int pairs)
    {
        for (int i = 0; i < pairs; i++)
        {
            float sine = inverse ? -sines[i] : sines[i];
            (float a, float b) = (x[2 * i], x[(2 * i) + 1]);
            x[2 * i] = (a * cosines[i]) - (b * sine);
            x[(2 * i) + 1] = (b * cosines[i]) + (a * sine);
        }
    }

    private static void RotateHalves(Span<float> x, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, bool inverse)
    {
        int pairs = cosines.Length;
        Span<float> first = x[..pairs];
        Span<float> second = x.Slice(pairs, pairs);
        int i = 0;
        for (; i + Vector<float>.Count <= pairs; i += Vector<float>.Count)
        {
            Vector<float> cosine = new(cosines[i..]);
            Vector<float> sine = new(sines[i..]);
            sine = inverse ? -sine : sine;
            Vector<float> a = new(first[i..]);
            Vector<float> b = new(second[i..]);
            ((a * cosine) - (b * sine)).CopyTo(first[i..]);
            ((b * cosine) + (a * sine)).CopyTo(second[i..]);
        }

        for (; i < pairs; i++)
        {
            float sine = inverse ? -sines[i] : sines[i];
            (float a, float b) = (first[i], second[i]);
            first[i] = (a * cosines[i]) - (b * sine);
            second[i] = (b * cosines[i]) + (a * sine);
        }
    }
}

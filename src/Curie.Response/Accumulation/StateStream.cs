using System.Runtime.InteropServices;
using Curie.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Response.Accumulation;

/// <summary>Reads and writes the numbers of a saved accumulator, in the machine's (little-endian) layout.</summary>
internal static class StateStream
{
    private const int Piece = 1 << 20;

    public static void WriteCounts(Stream stream, ReadOnlySpan<long> counts) => stream.Write(MemoryMarshal.AsBytes(counts));

    public static void WriteValues(Stream stream, ReadOnlySpan<double> values) => stream.Write(MemoryMarshal.AsBytes(values));

    public static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(values));

    public static void WriteBuffer(Stream stream, AlignedBuffer<double> values)
    {
        for (long start = 0; start < values.Length; start += Piece)
        {
            WriteValues(stream, values.Slice(start, (int)Math.Min(Piece, values.Length - start)));
        }
    }

    public static void Read<T>(Stream stream, Span<T> values)
        where T : unmanaged
    {
        try
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values));
        }
        catch (EndOfStreamException error)
        {
            throw new InputException("the saved state of a chain ends early; delete the state files and start the run again.", error);
        }
    }

    public static void ReadBuffer(Stream stream, AlignedBuffer<double> values)
    {
        for (long start = 0; start < values.Length; start += Piece)
        {
            Read(stream, values.Slice(start, (int)Math.Min(Piece, values.Length - start)));
        }
    }

    public static void Expect(string what, long expected, long found)
    {
        if (found != expected)
        {
            throw new InputException(
                $"the saved state of a chain has {found} {what} where this run has {expected}; resume with the configuration that wrote "
                    + "it, or start again."
            );
        }
    }
}

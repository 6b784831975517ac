using Curie.Numerics.Memory;

namespace Curie.Numerics.Files;

/// <summary>Reads and writes single arrays in numpy's .npy format, in C order; arrays may be larger than 2 GB.</summary>
public static unsafe class NpyFile
{
    private const int PieceBytes = 1 << 26;

    /// <summary>Reads the element type and the shape, and checks that the file is exactly as long as they say.</summary>
    /// <exception cref="InputException">The file is missing or is not such an array.</exception>
    public static NpyHeader ReadHeader(string path) => InputFile.Read(path, stream => ReadHeader(stream, path));

    /// <summary>Reads an array whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="InputException">
    /// The file is missing, not .npy, truncated, in Fortran order, of another element type, or its header lies about its shape.
    /// </exception>
    public static NpyArray<T> Read<T>(string path)
        where T : unmanaged => InputFile.Read(path, stream =>
        {
            NpyHeader header = ReadHeader(stream, path);
            header.Require(NpyElements.Of<T>(), path);
            return ReadData<T>(stream, header, path);
        });

    /// <summary>Reads an array of integers of any of the integer types as int.</summary>
    /// <exception cref="InputException">As <see cref="Read"/>; or the elements are not integers, or one does not fit an int.</exception>
    public static NpyArray<int> ReadIntegers(string path) => InputFile.Read(path, stream =>
        {
            NpyHeader header = ReadHeader(stream, path);
            return header.Element switch
            {
                NpyElement.Int32 => ReadData<int>(stream, header, path),
                NpyElement.UInt16 => Convert<ushort>(stream, header, path, value => value),
                NpyElement.Int64 => Convert<long>(stream, header, path, value => value),
                NpyElement.UInt32 => Convert<uint>(stream, header, path, value => value),
                NpyElement.UInt8 => Convert<byte>(stream, header, path, value => value),
                _ => throw new InputException(
                    $"{path} holds {header.Element.NumpyName()} where integers are needed; convert it with numpy's astype('int32')."
                ),
            };
        });

    /// <summary>Writes an array whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">The dimensions; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">The shape does not hold exactly the elements given.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        NpyHeader header = new(NpyElements.Of<T>(), shape);
        if (header.Count != data.Length)
        {
            throw new ArgumentException($"the shape holds {header.Count} elements and {data.Length} were given", nameof(shape));
        }

        fixed (T* start = data)
        {
            T* values = start;
            Write<T>(path, header, writer => writer.Write(values, header.Count));
        }
    }

    /// <summary>Writes an array of any size piece by piece, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="write">Writes exactly as many elements as the shape holds.</param>
    /// <exception cref="InvalidOperationException"><paramref name="write"/> wrote more or fewer elements.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<long> shape, Action<NpyWriter<T>> write)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, new NpyHeader(NpyElements.Of<T>(), shape), write);
    }

    internal static NpyArray<T> ReadData<T>(Stream stream, NpyHeader header, string source)
        where T : unmanaged
    {
        AlignedBuffer<T> data = new(header.Count);
        try
        {
            for (long done = 0; done < header.DataBytes; )
            {
                int got = stream.Read(new Span<byte>((byte*)data.Pointer + done, (int)Math.Min(PieceBytes, header.DataBytes - done)));
                if (got == 0)
                {
                    header.RequireDataBytes(done, source);
                }

                done += got;
            }

            return new NpyArray<T>(data, header.Shape);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static NpyHeader ReadHeader(FileStream stream, string path)
    {
        NpyHeader header = NpyHeader.Read(stream, path);
        header.RequireDataBytes(stream.Length - stream.Position, path);
        return header;
    }

    private static void Write<T>(string path, NpyHeader header, Action<NpyWriter<T>> write)
        where T : unmanaged => AtomicFile.Write(path, stream =>
        {
            NpyWriter<T> writer = new(stream, header);
            write(writer);
            writer.Finish();
        });

    private static NpyArray<int> Convert<T>(Stream stream, NpyHeader header, string path, Func<T, long> widen)
        where T : unmanaged
    {
        using NpyArray<T> source = ReadData<T>(stream, header, path);
        AlignedBuffer<int> data = new(source.Length);
        for (long i = 0; i < source.Length; i++)
        {
            long value = widen(source.Data.Pointer[i]);
            if (value is < int.MinValue or > int.MaxValue)
            {
                data.Dispose();
                throw new InputException($"{path} holds {value} at element {i}, which does not fit 32 bits; check how the file was made.");
            }

            data.Pointer[i] = (int)value;
        }

        return new NpyArray<int>(data, source.Shape);
    }
}

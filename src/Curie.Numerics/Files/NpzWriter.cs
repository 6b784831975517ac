using System.IO.Compression;

namespace Curie.Numerics.Files;

/// <summary>Adds arrays to a .npz file that is being written.</summary>
public sealed unsafe class NpzWriter
{
    private static readonly DateTimeOffset EarliestDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ZipArchive _archive;
    private readonly CompressionLevel _level;
    private readonly HashSet<string> _names = [];

    internal NpzWriter(ZipArchive archive, NpzCompression compression)
    {
        _archive = archive;
        _level = compression == NpzCompression.Stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
    }

    /// <summary>Adds an array.</summary>
    /// <param name="name">The name under which numpy.load finds it.</param>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">The dimensions; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">The name was added before, or the shape does not hold exactly the elements given.</exception>
    public void Add<T>(string name, ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
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
            Add<T>(name, header, writer => writer.Write(values, header.Count));
        }
    }

    /// <summary>Adds an array of any size piece by piece.</summary>
    /// <param name="name">The name under which numpy.load finds it.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="write">Writes exactly as many elements as the shape holds.</param>
    /// <exception cref="ArgumentException">The name was added before.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="write"/> wrote more or fewer elements.</exception>
    public void Add<T>(string name, ReadOnlySpan<long> shape, Action<NpyWriter<T>> write)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(write);
        Add(name, new NpyHeader(NpyElements.Of<T>(), shape), write);
    }

    private void Add<T>(string name, NpyHeader header, Action<NpyWriter<T>> write)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_names.Add(name))
        {
            throw new ArgumentException($"the array {name} was added before", nameof(name));
        }

        ZipArchiveEntry entry = _archive.CreateEntry(name + NpzReader.Extension, _level);
        entry.LastWriteTime = EarliestDate;
        using Stream stream = entry.Open();
        NpyWriter<T> writer = new(stream, header);
        write(writer);
        writer.Finish();
    }
}

using System.IO.Compression;

namespace Curie.Numerics.Files;

/// <summary>Reads arrays by name from a .npz file.</summary>
public sealed class NpzReader : IDisposable
{
    internal const string Extension = ".npy";

    // Deflate cannot shrink anything by more than this factor (zlib's technical details), so a larger claim is a lie.
    private const long GreatestDeflation = 1032;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    internal NpzReader(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in _archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                if (!_entries.TryAdd(entry.FullName[..^Extension.Length], entry))
                {
                    throw new InputException(
                        $"{path} holds two arrays named {entry.FullName[..^Extension.Length]}; write it again with numpy.savez."
                    );
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new InputException($"{path} is not a complete .npz file; write it with numpy.savez or copy it again.", error);
        }
    }

    /// <summary>The names of the arrays, in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Whether there is an array of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads the element type and the shape of an array.</summary>
    /// <exception cref="InputException">There is no such array, or its entry is damaged.</exception>
    public NpyHeader ReadHeader(string name) => Read(name, (stream, header, source) => header);

    /// <summary>Reads an array whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="InputException">
    /// There is no such array; its entry is damaged, truncated, in Fortran order, of another element type, or its header lies about its
    /// shape.
    /// </exception>
    public NpyArray<T> Read<T>(string name)
        where T : unmanaged => Read(name, (stream, header, source) =>
        {
            header.Require(NpyElements.Of<T>(), source);
            NpyArray<T> array = NpyFile.ReadData<T>(stream, header, source);
            try
            {
                stream.RequireWhole();
                return array;
            }
            catch
            {
                array.Dispose();
                throw;
            }
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        _archive.Dispose();
        _stream.Dispose();
    }

    private TResult Read<TResult>(string name, Func<ChecksumStream, NpyHeader, string, TResult> read)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            throw new InputException(
                $"{_path} holds no array named {name}; it holds {(_entries.Count == 0 ? "none" : string.Join(", ", Names))}."
            );
        }

        string source = $"{name} in {_path}";
        if (entry.CompressedLength > _stream.Length || entry.Length / GreatestDeflation > entry.CompressedLength)
        {
            throw Damaged(source, null);
        }

        try
        {
            using ChecksumStream stream = new(entry.Open(), entry.Crc32);
            NpyHeader header = NpyHeader.Read(stream, source);
            header.RequireDataBytes(entry.Length - stream.Position, source);
            return read(stream, header, source);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            throw Damaged(source, error);
        }
    }

    private static InputException Damaged(string source, Exception? error) =>
        new($"{source} is damaged; write the file again with numpy.savez or copy it again.", error!);
}

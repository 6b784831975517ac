using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Sampling.Shards;

/// <summary>
/// The file of a finished shard: a ZIP archive of named entries and a header with the SHA-256 of each. It is written whole or not at all,
/// and what is read from it is checked.
/// </summary>
public sealed class ShardFile
{
    private const string HeaderName = "shard.json";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private ShardFile(string path, ShardHeader header)
    {
        Path = path;
        Header = header;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>What it says of itself.</summary>
    public ShardHeader Header { get; }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it is, without the entries.</param>
    /// <param name="entries">The names of the entries and who writes each.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, ShardHeader header, IEnumerable<(string Name, Action<Stream> Write)> entries)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(entries);
        AtomicFile.Write(path, stream =>
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            Dictionary<string, string> digests = [];
            foreach ((string name, Action<Stream> write) in entries)
            {
                using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                using BufferedStream buffered = new(new HashedStream(entry, hash), 1 << 16);
                write(buffered);
                buffered.Flush();
                digests.Add(name, Convert.ToHexString(hash.GetCurrentHash()));
            }

            using Stream own = archive.CreateEntry(HeaderName, CompressionLevel.NoCompression).Open();
            JsonSerializer.Serialize(own, header with { Entries = digests }, Json);
        });
    }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="InputException">It is missing, or not a whole file of a shard.</exception>
    public static ShardFile Open(string path)
    {
        ShardHeader header = Read(path, archive =>
        {
            using Stream stream = Entry(archive, HeaderName).Open();
            ShardHeader read = JsonSerializer.Deserialize<ShardHeader>(stream, Json)
                ?? throw new InvalidDataException("its header is empty");
            return read is { Study: not null, Fingerprint: not null, Versions: not null, Entries: not null, Index: >= 0 }
                ? read
                : throw new InvalidDataException("its header is not whole");
        });
        return new ShardFile(path, header);
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="read">Reads it to its end.</param>
    /// <exception cref="InputException">It is missing or damaged.</exception>
    public T Read<T>(string name, Func<Stream, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!Header.Entries.TryGetValue(name, out string? digest))
        {
            throw new InputException($"{Path}: the shard has no {name}; delete the file and run the shard again.");
        }

        return Read(Path, archive =>
        {
            // The bytes are checked before anything is made of them.
            using (Stream stream = Entry(archive, name).Open())
            {
                if (Convert.ToHexString(SHA256.HashData(stream)) != digest)
                {
                    throw new InvalidDataException($"{name} is not what was written");
                }
            }

            using Stream again = Entry(archive, name).Open();
            using BufferedStream buffered = new(again, 1 << 16);
            return read(buffered);
        });
    }

    private static ZipArchiveEntry Entry(ZipArchive archive, string name) =>
        archive.GetEntry(name) ?? throw new InvalidDataException($"{name} is missing");

    private static T Read<T>(string path, Func<ZipArchive, T> read)
    {
        try
        {
            using FileStream stream = InputFile.Open(path);
            using ZipArchive archive = new(stream, ZipArchiveMode.Read);
            return read(archive);
        }
        catch (Exception error)
            when (error is IOException or InvalidDataException or JsonException or ArgumentException or FormatException or OverflowException
            )
        {
            throw new InputException(
                $"{path} is not the whole file of a shard ({error.Message.TrimEnd('.')}); delete it and run the shard again.",
                error
            );
        }
    }

    /// <summary>Passes on what is written, and adds it to a digest.</summary>
    private sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            inner.Write(buffer);
        }
    }
}

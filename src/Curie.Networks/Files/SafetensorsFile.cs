using System.Buffers.Binary;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Memory;

namespace Curie.Networks.Files;

/// <summary>
/// Reads and writes the safetensors format: the header's length (8 bytes, little-endian), a JSON header, and the tensors' bytes one
/// after the other.
/// </summary>
public static unsafe class SafetensorsFile
{
    private const int LengthBytes = 8;
    private const int Alignment = 8;
    private const int PieceBytes = 1 << 26;

    // The reference implementation's own limit.
    private const long LongestHeader = 100_000_000;

    /// <summary>Reads a whole file, once.</summary>
    /// <exception cref="InputException">The file is missing, not a safetensors file, truncated, or its header lies.</exception>
    public static SafetensorsContents Read(string path) => InputFile.Read(path, stream =>
        {
            SafetensorsHeader header = ReadHeader(stream, path);
            AlignedBuffer<byte> data = new(stream.Length - stream.Position);
            try
            {
                for (long done = 0; done < data.Length; )
                {
                    Span<byte> piece = new(data.Pointer + done, (int)Math.Min(PieceBytes, data.Length - done));
                    stream.ReadExactly(piece);
                    done += piece.Length;
                }

                return new SafetensorsContents(path, header, data);
            }
            catch
            {
                data.Dispose();
                throw;
            }
        });

    /// <summary>Writes float32 tensors in the order given, whole or not at all, straight from the memory they are in.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, each name once.</param>
    /// <param name="metadata">Free text for the header's <c>__metadata__</c>, or null for none.</param>
    /// <exception cref="ArgumentException">A name is repeated or reserved.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = CreateHeader(tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsSource tensor in tensors)
            {
                tensor.WriteTo(stream, PieceBytes);
            }
        });
    }

    /// <summary>Reads the header and leaves the stream at the first byte of the data.</summary>
    /// <exception cref="InputException">Not a safetensors file, truncated, or its header lies.</exception>
    internal static SafetensorsHeader ReadHeader(FileStream stream, string path)
    {
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(lengthBytes, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
        {
            throw new InputException($"{path} is too short for a safetensors file; write or copy it again.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        ulong rest = (ulong)(stream.Length - LengthBytes);
        if (length > LongestHeader || length > rest)
        {
            throw new InputException(
                $"{path} declares a header of {length} bytes and {rest} follow; it is truncated or not a safetensors file: write or copy "
                    + "it again."
            );
        }

        byte[] json = new byte[length];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, (long)(rest - length), path);
    }

    private static byte[] CreateHeader(IReadOnlyList<SafetensorsSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        HashSet<string> names = ["__metadata__"];
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (SafetensorsSource tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"the tensor name {tensor.Name} is repeated or reserved", nameof(tensors));
                }

                WriteEntry(json, tensor, offset);
                offset += tensor.Count * sizeof(float);
            }

            json.WriteEndObject();
        }

        while (memory.Length % Alignment != 0)
        {
            memory.WriteByte((byte)' ');
        }

        return memory.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsSource tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafetensorsType.F32);
        json.WriteStartArray("shape");
        foreach (int dimension in tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + (tensor.Count * sizeof(float)));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

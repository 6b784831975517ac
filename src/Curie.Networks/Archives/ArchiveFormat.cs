using System.Buffers.Binary;
using Curie.Networks.Archives.Pickles;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Networks.Archives;

/// <summary>What a file is, by its first bytes.</summary>
internal static class ArchiveFormat
{
    private const int HeadBytes = 512;

    /// <summary>Opens a file of any kind.</summary>
    /// <exception cref="InputException">It is of no kind that Curie reads, or damaged.</exception>
    public static ITensorArchive Open(string path) => Open(path, index: true);

    /// <summary>Opens a file that holds tensors itself.</summary>
    /// <exception cref="InputException">It is of no such kind, or damaged.</exception>
    public static ITensorArchive OpenTensors(string path) => Open(path, index: false);

    private static ITensorArchive Open(string path, bool index)
    {
        ArchiveFile file = ArchiveFile.Open(path);
        try
        {
            byte[] head = new byte[Math.Min(file.Length, HeadBytes)];
            file.Read(0, head);
            return index && IsJson(head) ? ShardedArchive.Open(file) : OpenTensors(file, head);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ITensorArchive OpenTensors(ArchiveFile file, ReadOnlySpan<byte> head)
    {
        if (ForeignContent.Describe(head) is string foreign)
        {
            throw new InputException($"{file.Path} {foreign}");
        }

        if (IsSafetensors(head))
        {
            return new SafetensorsArchive(file);
        }

        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
        {
            return TorchZip.Open(file);
        }

        if (TorchLegacy.Is(head))
        {
            return TorchLegacy.Open(file);
        }

        return LlamaHeader.Recognise(head, file) is LlamaHeader header
            ? new LlamaArchive(file, header)
            : throw new InputException(
                $"{file.Path} is no file of tensors that Curie reads; give safetensors, a checkpoint of torch.save, or a .bin of llama2.c."
            );
    }

    // Eight bytes of length, of which a header within the format's own limit leaves the upper half empty, then the JSON.
    private static bool IsSafetensors(ReadOnlySpan<byte> head) =>
        head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == 0;

    private static bool IsJson(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            head = head[3..];
        }

        ReadOnlySpan<byte> text = head.TrimStart(" \t\r\n"u8);
        return text.Length > 0 && text[0] == '{' && !text.Contains((byte)0);
    }
}

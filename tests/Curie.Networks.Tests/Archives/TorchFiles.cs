using System.IO.Compression;

namespace Curie.Networks.Tests.Archives;

/// <summary>Files of torch.save around pickles, made by .NET's own writer of zip files.</summary>
internal static class TorchFiles
{
    public static byte[] Zip(
        byte[] pickle,
        IReadOnlyDictionary<string, byte[]>? storages = null,
        CompressionLevel level = CompressionLevel.NoCompression,
        string? order = null
    )
    {
        using MemoryStream memory = new();
        using (ZipArchive archive = new(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "model/data.pkl", pickle, level);
            foreach ((string key, byte[] bytes) in storages ?? new Dictionary<string, byte[]>())
            {
                Add(archive, $"model/data/{key}", bytes, level);
            }

            if (order is not null)
            {
                Add(archive, "model/byteorder", System.Text.Encoding.ASCII.GetBytes(order), level);
            }
        }

        return memory.ToArray();
    }

    /// <summary>The form of before PyTorch 1.6: magic number, version, machine, pickle, keys, and storages with their counts.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Bytes)[] storages)
    {
        PickleWriter keys = new();
        keys.Op(']').Op('(');
        foreach ((string key, _, _) in storages)
        {
            keys.Text(key);
        }

        return
        [
            .. new PickleWriter().Raw(0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19).End(),
            .. new PickleWriter().Number(1001).End(),
            .. new PickleWriter().Op('}').End(),
            .. pickle,
            .. keys.Op('e').End(),
            .. storages.SelectMany(storage => BitConverter.GetBytes(storage.Count).Concat(storage.Bytes)),
        ];
    }

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static void Add(ZipArchive archive, string name, byte[] bytes, CompressionLevel level)
    {
        using Stream stream = archive.CreateEntry(name, level).Open();
        stream.Write(bytes);
    }
}

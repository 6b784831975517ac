using System.Buffers.Binary;
using System.Text;
using Curie.Networks.Archives;
using Curie.Tests;

namespace Curie.Networks.Tests.Archives;

/// <summary>
/// Files of more than 4 GiB, where 32 bits end, with a small tensor behind a large one. All but some bytes of them is a hole that takes no
/// place on the disk.
/// </summary>
public sealed class LargeFileTests : IDisposable
{
    private const long Large = 5L << 30;
    private const long MostAllocated = 1 << 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tensor_behind_four_gibibytes_of_safetensors_is_read_alone()
    {
        string json = $$$"""
            {"large":{"dtype":"F32","shape":[{{{Large
                / 4}}}],"data_offsets":[0,{{{Large}}}]},"w":{"dtype":"F32","shape":[2],"data_offsets":[{{{Large}}},{{{Large + 8}}}]}}
            """;
        string path = _folder.File("model.safetensors");
        using (FileStream file = File.Create(path))
        {
            file.Write(BitConverter.GetBytes((long)json.Length));
            file.Write(Encoding.UTF8.GetBytes(json));
            file.Position += Large;
            file.Write(TorchFiles.Floats(3, 4));
        }

        AssertReadAlone(path);
    }

    [Fact]
    public void A_tensor_behind_four_gibibytes_of_a_checkpoint_is_read_alone()
    {
        // Sizes and places that do not fit 32 bits stand in a field of their own, as 4.5.3 of PKWARE's APPNOTE has it.
        byte[] pickle = new PickleWriter()
            .Op('}')
            .Op('(')
            .Text("large")
            .Tensor("FloatStorage", "0", Large / 4, 0, [Large / 4], [1])
            .Text("w")
            .Tensor("FloatStorage", "1", 2, 0, [2], [1])
            .Op('u')
            .End();
        string path = _folder.File("model.pt");
        using (FileStream file = File.Create(path))
        {
            List<byte> directory = [];
            Add("m/data/0", Large, () => file.Position += Large);
            Add("m/data/1", 8, () => file.Write(TorchFiles.Floats(3, 4)));
            Add("m/data.pkl", pickle.Length, () => file.Write(pickle));
            long start = file.Position;
            file.Write([.. directory]);
            long end = file.Position;
            file.Write([.. "PK\x06\x06"u8, .. Numbers(44, 0), 0, 0, 0, 0, .. Numbers(3, 3, directory.Count, start)]);
            file.Write([.. "PK\x06\x07"u8, 0, 0, 0, 0, .. Numbers(end), 1, 0, 0, 0]);
            file.Write([.. "PK\x05\x06"u8, .. Enumerable.Repeat((byte)0xFF, 16), 0, 0]);

            void Add(string name, long length, Action write)
            {
                long place = file.Position;
                byte[] nameBytes = Encoding.UTF8.GetBytes(name);
                byte[] fields = new byte[46];
                "PK\x01\x02"u8.CopyTo(fields);
                BinaryPrimitives.WriteUInt32LittleEndian(fields.AsSpan(20), uint.MaxValue);
                BinaryPrimitives.WriteUInt32LittleEndian(fields.AsSpan(24), uint.MaxValue);
                BinaryPrimitives.WriteUInt16LittleEndian(fields.AsSpan(28), (ushort)nameBytes.Length);
                BinaryPrimitives.WriteUInt16LittleEndian(fields.AsSpan(30), 28);
                BinaryPrimitives.WriteUInt32LittleEndian(fields.AsSpan(42), uint.MaxValue);
                directory.AddRange([.. fields, .. nameBytes, 1, 0, 24, 0, .. Numbers(length, length, place)]);

                byte[] local = new byte[30];
                "PK\x03\x04"u8.CopyTo(local);
                BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(26), (ushort)nameBytes.Length);
                file.Write([.. local, .. nameBytes]);
                write();
            }
        }

        AssertReadAlone(path);
    }

    private static byte[] Numbers(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static void AssertReadAlone(string path)
    {
        float[] values = new float[2];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using ITensorArchive archive = TensorArchive.Open(path);
        archive.Tensors["w"].CopyTo(values);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal([3, 4], values);
        Assert.Equal(Large / 4, archive.Tensors["large"].Count);
        Assert.True(allocated < MostAllocated, $"{allocated} bytes");
    }
}

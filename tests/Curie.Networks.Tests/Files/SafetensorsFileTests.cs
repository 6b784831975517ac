using System.Buffers.Binary;
using System.Text;
using Curie.Networks.Files;
using Curie.Numerics;
using Curie.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Networks.Tests.Files;

/// <summary>Files are built here byte by byte from the format's description, true ones and lying ones.</summary>
public sealed unsafe class SafetensorsFileTests : IDisposable
{
    private const string TwoTensors =
        """{"__metadata__":{"made":"by hand"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}""";

    private static readonly float[] SevenFloats = [1, -2, 3.5f, 0, float.Epsilon, 1e30f, 7];

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_names_shapes_values_and_metadata()
    {
        WriteRaw(TwoTensors, Bytes(SevenFloats));
        using SafetensorsContents contents = SafetensorsFile.Read(FilePath);

        Assert.Equal(["a", "b"], contents.Tensors.Keys.Order());
        Assert.Equal("by hand", contents.Metadata["made"]);
        Assert.Equal([2, 3], contents.Tensors["a"].Shape);
        Assert.Empty(contents.Tensors["b"].Shape);
        Assert.Equal(SevenFloats[..6], Values(contents.Require("a", 2, 3)));
        Assert.Equal([7f], Values(contents.Tensors["b"]));
    }

    [Fact]
    public void Writes_exactly_the_bytes_of_the_format()
    {
        fixed (float* data = SevenFloats)
        {
            SafetensorsSource[] tensors = [new("a", [2, 3], data), new("b", [], data + 6)];
            SafetensorsFile.Write(FilePath, tensors, new Dictionary<string, string> { ["made"] = "by hand" });
        }

        byte[] written = File.ReadAllBytes(FilePath);
        string padded = TwoTensors.PadRight((TwoTensors.Length + 7) / 8 * 8);
        Assert.Equal(padded.Length, BinaryPrimitives.ReadInt64LittleEndian(written));
        Assert.Equal(padded, Encoding.UTF8.GetString(written, 8, padded.Length));
        Assert.Equal(Bytes(SevenFloats), written[(8 + padded.Length)..]);
    }

    [Fact]
    public void Converts_other_floating_point_types()
    {
        WriteRaw(
            """{"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"brain":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},"double":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""",
            [0x00, 0x3C, 0x01, 0x00, 0x80, 0x3F, 0x49, 0xC0, .. BitConverter.GetBytes(0.1)]
        );
        using SafetensorsContents contents = SafetensorsFile.Read(FilePath);

        // 0x3C00 is 1 and 0x0001 the least half, 2^-24; 0x3F80 is 1 and 0xC049 is -(1 + 73/128)·2.
        Assert.Equal([1f, 1f / (1 << 24)], Values(contents.Tensors["half"]));
        Assert.Equal([1f, -3.140625f], Values(contents.Tensors["brain"]));
        Assert.Equal([0.1f], Values(contents.Tensors["double"]));
    }

    [Fact]
    public void Tensors_read_back_bit_for_bit()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), ArbMap.Default.ArbFor<NonNull<string>>(), (values, name) =>
            {
                string key = "tensor " + string.Concat(name.Get.Where(char.IsLetterOrDigit)) + "\"\\";
                fixed (float* data = values)
                {
                    SafetensorsFile.Write(FilePath, [new(key, [1, values.Length], data)]);
                }

                using SafetensorsContents contents = SafetensorsFile.Read(FilePath);
                return Values(contents.Require(key, 1, values.Length))
                    .Select(BitConverter.SingleToInt32Bits)
                    .SequenceEqual(values.Select(BitConverter.SingleToInt32Bits));
            })
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", "not the JSON")]
    [InlineData("[]", "not the JSON")]
    [InlineData("not json", "not the JSON")]
    [InlineData("""{"a":1}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,28]}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,28]}} x""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7.5],"data_offsets":[0,28]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":"7","data_offsets":[0,28]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":7,"shape":[7],"data_offsets":[0,28]}}""", "not the JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", "not the JSON")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", "names a twice in __metadata__")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,99999999999999999999]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F33","shape":[7],"data_offsets":[0,28]}}""", "the unknown dtype F33")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7]}}""", "lacks dtype, shape or a pair of data_offsets at a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,14,28]}}""", "lacks dtype, shape or a pair of data_offsets at a")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[7],"data_offsets":[0,28]}}""", "unexpected or repeated key \"dtype\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,28],"order":"F"}}""", "unexpected or repeated key \"order\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,28]}}""", "do not hold F32 of shape [6]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-7],"data_offsets":[0,28]}}""", "do not hold F32 of shape [-7]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-7],"data_offsets":[0,28]}}""", "do not hold F32 of shape [-1, -7]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,0],"data_offsets":[0,0]}}""", "do not hold F32 of shape [-1, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4,7],"data_offsets":[0,28]}}""", "do not hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[28,0]}}""", "do not hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[-28,0]}}""", "do not hold")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}""",
        "is truncated: its tensors need 32 bytes of data and 28 are there"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}""", "leaves the last 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[6],"data_offsets":[4,28]}}""", "places a at byte 4 of the data, after a gap")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[4],"data_offsets":[12,28]}}""",
        "places b at byte 12 of the data, inside another tensor"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,28]},"b":{"dtype":"F32","shape":[7],"data_offsets":[0,28]}}""",
        "inside another tensor"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[3],"data_offsets":[16,28]}}""",
        "names a twice"
    )]
    public void Refuses_a_header_that_lies(string header, string message)
    {
        WriteRaw(header, Bytes(SevenFloats));
        AssertRefused(message);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(29ul)]
    [InlineData(200_000_000ul)]
    [InlineData(1ul << 63)]
    [InlineData(ulong.MaxValue)]
    public void Refuses_an_absurd_header_length(ulong length)
    {
        byte[] file = new byte[8 + 28];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        File.WriteAllBytes(FilePath, file);
        AssertRefused(length == 0 ? "not the JSON" : $"declares a header of {length} bytes and 28 follow");
    }

    [Fact]
    public void Refuses_a_file_cut_anywhere()
    {
        WriteRaw(TwoTensors, Bytes(SevenFloats));
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            AssertRefused(FilePath);
        }
    }

    [Fact]
    public void A_changed_byte_in_the_header_never_crashes()
    {
        WriteRaw(TwoTensors, Bytes(SevenFloats));
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int i = 0; i < 8 + TwoTensors.Length; i++)
        {
            foreach (byte change in new byte[] { 0x01, 0x10, 0x80 })
            {
                byte[] damaged = (byte[])whole.Clone();
                damaged[i] ^= change;
                File.WriteAllBytes(FilePath, damaged);
                Exception? error = Record.Exception(() => SafetensorsFile.Read(FilePath).Dispose());
                Assert.True(error is null or InputException, $"byte {i} changed by {change}: {error}");
            }
        }
    }

    [Fact]
    public void Missing_tensors_other_shapes_and_integers_are_refused()
    {
        WriteRaw("""{"ids":{"dtype":"I32","shape":[7],"data_offsets":[0,28]}}""", Bytes(SevenFloats));
        using SafetensorsContents contents = SafetensorsFile.Read(FilePath);

        Assert.Contains(
            "holds no tensor W",
            Assert.Throws<InputException>(() => contents.Require("W", 7)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "[7] where [1, 7]",
            Assert.Throws<InputException>(() => contents.Require("ids", 1, 7)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "as I32 where floats",
            Assert.Throws<InputException>(() => Values(contents.Tensors["ids"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_repeated_name_is_refused_before_anything_is_written()
    {
        fixed (float* data = SevenFloats)
        {
            SafetensorsSource[] tensors = [new("a", [1], data), new("a", [1], data)];
            Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(FilePath, tensors));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static float[] Values(SafetensorsTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.CopyTo(values);
        return values;
    }

    private void WriteRaw(string header, byte[] data) =>
        File.WriteAllBytes(FilePath, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. data]);

    private void AssertRefused(string message)
    {
        InputException error = Assert.Throws<InputException>(() => SafetensorsFile.Read(FilePath).Dispose());
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}

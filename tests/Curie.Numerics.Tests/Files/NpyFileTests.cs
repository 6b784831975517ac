using System.Text;
using Curie.Numerics.Files;
using Curie.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Numerics.Tests.Files;

/// <summary>Against files that numpy wrote: values must be equal, and what Curie writes must be the same bytes.</summary>
public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_every_element_type_as_numpy_wrote_it()
    {
        Check("float32.npy", [2, 3, 4], NumpyData.Eighths);
        Check("float64.npy", [24], Array.ConvertAll(NumpyData.Values, value => value / 7.0));
        Check("uint16.npy", [2, 3], new ushort[] { 0, 1, 65535, 7, 40000, 12 });
        Check("int32.npy", [6, 4], Array.ConvertAll(NumpyData.Values, value => (int)value));
        Check("int64.npy", [24, 1], Array.ConvertAll(NumpyData.Values, value => value << 40));
        Check("scalar.npy", [], new[] { 2.5 });
        Check("empty.npy", [0, 7], Array.Empty<float>());
        Check("version2.npy", [2, 3, 4], NumpyData.Eighths);
    }

    [Fact]
    public void Writes_the_same_bytes_as_numpy()
    {
        CheckBytes("float32.npy", [2, 3, 4], NumpyData.Eighths);
        CheckBytes("float64.npy", [24], Array.ConvertAll(NumpyData.Values, value => value / 7.0));
        CheckBytes("uint16.npy", [2, 3], new ushort[] { 0, 1, 65535, 7, 40000, 12 });
        CheckBytes("int32.npy", [6, 4], Array.ConvertAll(NumpyData.Values, value => (int)value));
        CheckBytes("int64.npy", [24, 1], Array.ConvertAll(NumpyData.Values, value => value << 40));
        CheckBytes("scalar.npy", [], new[] { 2.5 });
        CheckBytes("empty.npy", [0, 7], Array.Empty<float>());
    }

    [Fact]
    public void Reads_all_integer_types_as_int()
    {
        using NpyArray<int> small = NpyFile.ReadIntegers(NumpyData.Path("uint16.npy"));
        using NpyArray<int> plain = NpyFile.ReadIntegers(NumpyData.Path("int32.npy"));

        Assert.Equal([0, 1, 65535, 7, 40000, 12], small.ToArray());
        Assert.Equal(Array.ConvertAll(NumpyData.Values, value => (int)value), plain.ToArray());
        Assert.Equal([40000, 12], small.Row(1)[1..].ToArray());
    }

    [Theory]
    [InlineData("int64.npy", "does not fit 32 bits")]
    [InlineData("float32.npy", "holds float32 where integers are needed")]
    public void Refuses_numbers_that_are_not_integers_of_32_bits(string name, string message) =>
        AssertRefused(NumpyData.Path(name), message, path => NpyFile.ReadIntegers(path).Dispose());

    [Theory]
    [InlineData("float64.npy", "holds float64 but float32 is needed; convert it with numpy's astype('float32').")]
    [InlineData("fortran.npy", "Fortran order")]
    [InlineData("big_endian.npy", "'>f4'")]
    [InlineData("records.npy", "several fields")]
    [InlineData("stored.npz", "is not a .npy file")]
    [InlineData("missing.npy", "does not exist")]
    [InlineData("", "is a folder")]
    public void Refuses_what_is_not_a_float32_array(string name, string message) => AssertRefused(NumpyData.Path(name), message);

    [Theory]
    [InlineData("")]
    [InlineData("\u0093NUMPX")]
    public void Refuses_a_file_without_numpys_first_bytes(string start)
    {
        File.WriteAllBytes(_folder.File("a.npy"), Encoding.Latin1.GetBytes(start));
        AssertRefused(_folder.File("a.npy"), "is not a .npy file");
    }

    [Fact]
    public void Refuses_a_file_cut_anywhere()
    {
        byte[] whole = File.ReadAllBytes(NumpyData.Path("float32.npy"));
        for (int length = 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder.File("cut.npy"), whole[..length]);
            AssertRefused(_folder.File("cut.npy"), "is truncated");
        }
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "holds 72 bytes more than its shape (2, 3) says")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (25,), }", "needs 100 bytes of data and 96 are there")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "impossible shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,), }", "damaged .npy header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-24,), }", "impossible shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000000000), }", "is truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (24,), }", "damaged .npy header")]
    [InlineData("{'descr': '<f4', 'shape': (24,), }", "damaged .npy header")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'shape': (24,), }", "damaged .npy header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (24,), } x", "damaged .npy header")]
    [InlineData("{'descr': '<f4", "damaged .npy header")]
    public void Refuses_a_header_that_lies(string header, string message)
    {
        WriteWithHeader(header);
        AssertRefused(_folder.File("lie.npy"), message);
    }

    [Fact]
    public void Accepts_keys_in_any_order_and_python_2_integers()
    {
        WriteWithHeader("{\"shape\": (4L, 6L), \"descr\": \"<f4\", \"fortran_order\": False}");
        using NpyArray<float> array = NpyFile.Read<float>(_folder.File("lie.npy"));
        Assert.Equal([4, 6], array.Shape);
    }

    [Fact]
    public void Writing_in_pieces_gives_the_same_file()
    {
        NpyFile.Write<float>(_folder.File("a.npy"), [2, 3, 4], writer =>
        {
            writer.Write(NumpyData.Eighths.AsSpan(0, 5));
            writer.Write(NumpyData.Eighths.AsSpan(5));
        });
        Assert.Equal(File.ReadAllBytes(NumpyData.Path("float32.npy")), File.ReadAllBytes(_folder.File("a.npy")));
    }

    [Fact]
    public void A_write_that_fails_leaves_no_file()
    {
        Assert.Throws<InvalidOperationException>(() => NpyFile.Write<float>(_folder.File("a.npy"), [3], writer => writer.Write([1f])));
        Assert.Throws<InvalidOperationException>(() => NpyFile.Write<float>(_folder.File("a.npy"), [1], writer => writer.Write([1f, 2f])));
        Assert.Throws<ArgumentException>(() => NpyFile.Write<float>(_folder.File("a.npy"), [1f, 2f], 3));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Every_array_reads_back_bit_for_bit()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<double[]>(), values =>
            {
                NpyFile.Write<double>(_folder.File("a.npy"), values, values.Length, 1);
                using NpyArray<double> back = NpyFile.Read<double>(_folder.File("a.npy"));
                return back.Shape.SequenceEqual([values.Length, 1L])
                    && back.ToArray().Select(BitConverter.DoubleToInt64Bits).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits));
            })
            .QuickCheckThrowOnFailure();
    }

    private static void Check<T>(string name, long[] shape, T[] values)
        where T : unmanaged
    {
        using NpyArray<T> array = NpyFile.Read<T>(NumpyData.Path(name));
        Assert.Equal(shape, array.Shape);
        Assert.Equal(values, array.ToArray());
    }

    private void CheckBytes<T>(string name, long[] shape, T[] values)
        where T : unmanaged
    {
        NpyFile.Write<T>(_folder.File(name), values, shape);
        Assert.Equal(File.ReadAllBytes(NumpyData.Path(name)), File.ReadAllBytes(_folder.File(name)));
    }

    private void WriteWithHeader(string header)
    {
        using BinaryWriter writer = new(File.Create(_folder.File("lie.npy")));
        writer.Write(Encoding.Latin1.GetBytes("\u0093NUMPY\u0001\0"));
        writer.Write((ushort)header.Length);
        writer.Write(Encoding.ASCII.GetBytes(header));
        writer.Write(new byte[NumpyData.Values.Length * sizeof(float)]);
    }

    private static void AssertRefused(string path, string message, Action<string>? read = null)
    {
        InputException error = Assert.Throws<InputException>(() => (read ?? (file => NpyFile.Read<float>(file).Dispose()))(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}

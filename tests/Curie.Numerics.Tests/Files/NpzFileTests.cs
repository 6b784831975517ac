using System.IO.Compression;
using Curie.Numerics.Files;
using Curie.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Numerics.Tests.Files;

/// <summary>Against archives that numpy wrote, and against themselves damaged byte by byte.</summary>
public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stored.npz")]
    [InlineData("deflated.npz")]
    public void Reads_what_numpy_wrote(string name)
    {
        using NpzReader npz = NpzFile.Open(NumpyData.Path(name));
        using NpyArray<float> chi = npz.Read<float>("chi");
        using NpyArray<int> tokens = npz.Read<int>("token_id");

        Assert.Equal(["chi", "token_id"], npz.Names);
        Assert.Equal([2, 3, 4], npz.ReadHeader("chi").Shape);
        Assert.Equal([2, 3, 4], chi.Shape);
        Assert.Equal(NumpyData.Eighths, chi.ToArray());
        Assert.Equal(Array.ConvertAll(NumpyData.Values, value => (int)value), tokens.ToArray());
    }

    [Theory]
    [InlineData(NpzCompression.Stored)]
    [InlineData(NpzCompression.Deflated)]
    public void Arrays_read_back_and_the_bytes_are_the_same_every_time(NpzCompression compression)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), ArbMap.Default.ArbFor<long[]>(), (floats, longs) =>
            {
                string[] paths = [_folder.File("a.npz"), _folder.File("b.npz")];
                foreach (string path in paths)
                {
                    NpzFile.Write(path, compression, npz =>
                    {
                        npz.Add<float>("floats", floats, floats.Length);
                        npz.Add<long>("longs", [1, longs.Length], writer => writer.Write(longs));
                    });
                }

                using NpzReader back = NpzFile.Open(paths[0]);
                using NpyArray<float> first = back.Read<float>("floats");
                using NpyArray<long> second = back.Read<long>("longs");
                return first.ToArray().Select(BitConverter.SingleToInt32Bits).SequenceEqual(floats.Select(BitConverter.SingleToInt32Bits))
                    && second.ToArray().SequenceEqual(longs)
                    && second.Shape.SequenceEqual([1L, longs.Length])
                    && File.ReadAllBytes(paths[0]).SequenceEqual(File.ReadAllBytes(paths[1]));
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Stored_entries_are_stored_and_deflated_ones_shrink()
    {
        float[] zeros = new float[10_000];
        NpzFile.Write(_folder.File("stored.npz"), NpzCompression.Stored, npz => npz.Add<float>("a", zeros, zeros.Length));
        NpzFile.Write(_folder.File("deflated.npz"), NpzCompression.Deflated, npz => npz.Add<float>("a", zeros, zeros.Length));

        Assert.InRange(new FileInfo(_folder.File("stored.npz")).Length, 40_000, 41_000);
        Assert.InRange(new FileInfo(_folder.File("deflated.npz")).Length, 0, 1_000);
    }

    [Fact]
    public void A_missing_array_is_named_beside_those_that_are_there() =>
        AssertRefused(NumpyData.Path("stored.npz"), "holds no array named chy; it holds chi, token_id.", "chy");

    [Fact]
    public void Another_element_type_is_refused() => AssertRefused(NumpyData.Path("stored.npz"), "token_id in", "token_id");

    [Theory]
    [InlineData("float32.npy", "is not a complete .npz file")]
    [InlineData("missing.npz", "does not exist")]
    public void Refuses_what_is_not_an_archive(string name, string message) => AssertRefused(NumpyData.Path(name), message);

    [Theory]
    [InlineData("stored.npz")]
    [InlineData("deflated.npz")]
    public void Refuses_an_archive_cut_anywhere(string name)
    {
        byte[] whole = File.ReadAllBytes(NumpyData.Path(name));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder.File("cut.npz"), whole[..length]);
            AssertRefused(_folder.File("cut.npz"), "is not a complete .npz file");
        }
    }

    [Theory]
    [InlineData("stored.npz")]
    [InlineData("deflated.npz")]
    public void A_changed_byte_is_an_input_error_or_changes_nothing(string name)
    {
        byte[] whole = File.ReadAllBytes(NumpyData.Path(name));
        int refused = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = (byte[])whole.Clone();
            damaged[i] ^= 0x40;
            File.WriteAllBytes(_folder.File("damaged.npz"), damaged);
            try
            {
                using NpzReader npz = NpzFile.Open(_folder.File("damaged.npz"));
                using NpyArray<float> chi = npz.Read<float>("chi");
                Assert.Equal(NumpyData.Eighths, chi.ToArray());
            }
            catch (InputException)
            {
                refused++;
            }
        }

        // The entry's own bytes are all covered by its checksum; dates, versions and the other array are not read.
        Assert.InRange(refused, whole.Length / 4, whole.Length);
    }

    [Fact]
    public void A_header_that_lies_about_its_shape_is_refused()
    {
        using (ZipArchive zip = ZipFile.Open(_folder.File("lie.npz"), ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("chi.npy").Open();
            entry.Write(new NpyHeader(NpyElement.Float32, [1_000_000, 1_000_000]).ToBytes());
            entry.Write(new byte[64]);
        }

        AssertRefused(_folder.File("lie.npz"), "needs 4000000000000 bytes of data and 64 are there");
    }

    [Fact]
    public void Adding_a_name_twice_is_refused_and_leaves_no_file()
    {
        Assert.Throws<ArgumentException>(() => NpzFile.Write(_folder.File("a.npz"), NpzCompression.Stored, npz =>
            {
                npz.Add<float>("a", [1f], 1);
                npz.Add<float>("a", [2f], 1);
            }));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static void AssertRefused(string path, string message, string array = "chi")
    {
        InputException error = Assert.Throws<InputException>(() =>
        {
            using NpzReader npz = NpzFile.Open(path);
            npz.Read<float>(array).Dispose();
        });
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}

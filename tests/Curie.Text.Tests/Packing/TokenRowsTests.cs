using Curie.Numerics.Files;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Text.Tests.Packing;

public sealed class TokenRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(65_535, NpyElement.UInt16)]
    [InlineData(65_536, NpyElement.Int32)]
    public void Rows_come_back_from_disk_in_the_narrowest_type_that_holds_them(int largest, NpyElement element)
    {
        using TokenRows rows = new([1, 2, 3, 4, 5, largest], 3);
        rows.Save(_folder.File("rows.npy"));
        Assert.Equal(element, NpyFile.ReadHeader(_folder.File("rows.npy")).Element);
        using TokenRows loaded = TokenRows.Load(_folder.File("rows.npy"), largest + 1, 3);
        Assert.Equal([1, 2, 3], loaded.Row(0));
        Assert.Equal([4, 5, largest], loaded.Row(1));
        Assert.Equal((2, 3, largest, largest), (loaded.Count, loaded.ContextLength, loaded[1, 2], loaded.MaxId()));
    }

    [Fact]
    public void Rows_of_every_integer_type_are_read()
    {
        Check<int>([0, 255, 7, 1], [0, 255, 7, 1]);
        Check<ushort>([0, 65_535, 7, 1], [0, 65_535, 7, 1]);
        Check<uint>([0, 65_535, 7, 1], [0, 65_535, 7, 1]);
        Check<uint>([0, int.MaxValue, 7, 1], [0, int.MaxValue, 7, 1]);
        Check<int>([0, 65_536, 7, 1], [0, 65_536, 7, 1]);
        Check<long>([0, 50_256, 7, 1], [0, 50_256, 7, 1]);
        Check<long>([0, int.MaxValue, 7, 1], [0, int.MaxValue, 7, 1]);
        Check<byte>([0, 255, 7, 1], [0, 255, 7, 1]);

        void Check<T>(T[] values, int[] expected)
            where T : unmanaged
        {
            NpyFile.Write<T>(_folder.File("rows.npy"), values, 2, 2);
            using TokenRows rows = TokenRows.Load(_folder.File("rows.npy"));
            Assert.Equal(expected, rows.Row(0).Concat(rows.Row(1)));
            Assert.Equal(
                expected.Max() > ushort.MaxValue ? 16
                    : typeof(T) == typeof(int) ? 16
                    : 8,
                rows.MemoryBytes
            );
        }
    }

    [Fact]
    public void Ids_of_any_type_that_cannot_be_tokens_are_refused_with_their_place()
    {
        string path = _folder.File("rows.npy");
        NpyFile.Write<long>(path, [0, 1, 2, -5, 3, 4], 2, 3);
        Refusal.Says(
            $"{path}: row 1, position 0 holds token id -5, but ids start at 0; pack the text with the tokenizer that the model was trained "
                + "with.",
            () => TokenRows.Load(path)
        );
        NpyFile.Write<long>(path, [0, 1, 2, 3, 4, 1L << 40], 2, 3);
        Refusal.Says(
            $"{path}: row 1, position 2 holds token id 1099511627776, but ids end at 2147483647; pack the text with the tokenizer that the "
                + "model was trained with.",
            () => TokenRows.Load(path)
        );
        NpyFile.Write<uint>(path, [0, 1, uint.MaxValue, 3], 2, 2);
        Refusal.Says(
            $"{path}: row 1, position 0 holds token id 4294967295, but the model's ids are 0 to 9; pack the text with the tokenizer that "
                + "the model was trained with.",
            () => TokenRows.Load(path, 10)
        );
        NpyFile.Write<byte>(path, [0, 10, 3, 4], 2, 2);
        Refusal.Says(
            $"{path}: row 0, position 1 holds token id 10, but the model's ids are 0 to 9; pack the text with the tokenizer that the model "
                + "was trained with.",
            () => TokenRows.Load(path, 10)
        );
    }

    [Fact]
    public void Big_endian_rows_and_rows_in_Fortran_order_are_refused_by_name()
    {
        string path = _folder.File("rows.npy");
        NpyFile.Write<int>(path, [1, 2, 3, 4], 2, 2);
        byte[] file = File.ReadAllBytes(path);
        Change("'<i4'", "'>i4'");
        Refusal.Says(
            $"{path} holds elements of type '>i4', but Curie reads little-endian float32, float64, int32, int64, uint16 and uint32, and "
                + "uint8 and bool; convert it with numpy's astype.",
            () => TokenRows.Load(path)
        );
        Change("'fortran_order': False", "'fortran_order': True ");
        Refusal.Says($"{path} is in Fortran order; save numpy.ascontiguousarray(a) instead.", () => TokenRows.Load(path));

        void Change(string from, string to)
        {
            string text = System.Text.Encoding.Latin1.GetString(file);
            Assert.Contains(from, text, StringComparison.Ordinal);
            File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Rows_can_be_sliced_and_joined_again()
    {
        using TokenRows rows = new([1, 2, 3, 4, 5, 6], 2);
        using TokenRows wide = new([7, 70_000], 2);
        using TokenRows last = rows.Slice(2, 1);
        using TokenRows joined = TokenRows.Concatenate([last, wide, rows]);
        Assert.Equal(
            [
                [5, 6],
                [7, 70_000],
                [1, 2],
                [3, 4],
                [5, 6],
            ],
            Enumerable.Range(0, joined.Count).Select(joined.Row)
        );
        using TokenRows longer = new([1, 2, 3], 3);
        Refusal.Says("rows of 2 and of 3 tokens cannot be joined; pack both with the same n_ctx.", () =>
            TokenRows.Concatenate([rows, longer])
        );
    }

    [Fact]
    public void A_row_is_set_whole_and_with_ids_that_fit()
    {
        using TokenRows rows = TokenRows.Allocate(2, 2, 100);
        rows.SetRow(1, [65_535, 0]);
        Assert.Equal([65_535, 0], rows.Row(1));
        Assert.Throws<ArgumentException>(() => rows.SetRow(0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.SetRow(0, [1, 65_536]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.SetRow(0, [1, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Row(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows[0, 2]);
    }

    [Fact]
    public void A_file_that_is_not_token_rows_for_the_model_is_refused_with_what_is_wrong()
    {
        string path = _folder.File("rows.npy");
        NpyFile.Write<float>(path, [1, 2], 1, 2);
        Refusal.Says(
            $"{path}: token rows must be uint16, int32 or other integers of shape (rows, n_ctx), but this is float32 of shape (1, 2); write it again "
                + "with curie pack.",
            () => TokenRows.Load(path)
        );
        NpyFile.Write<int>(path, [1, 2], 2);
        Refusal.Says(
            $"{path}: token rows must be uint16, int32 or other integers of shape (rows, n_ctx), but this is int32 of shape (2); write it again with "
                + "curie pack.",
            () => TokenRows.Load(path)
        );
        NpyFile.Write<int>(path, [], 0, 8);
        Refusal.Says($"{path}: token rows need at least one row of two tokens, but the shape is (0, 8); pack more text.", () =>
            TokenRows.Load(path)
        );
        NpyFile.Write<ushort>(path, [0, 9, 1, 10], 2, 2);
        Refusal.Says(
            $"{path}: row 1, position 1 holds token id 10, but the model's ids are 0 to 9; pack the text with the tokenizer that the "
                + "model was trained with.",
            () => TokenRows.Load(path, 10)
        );
        Refusal.Says(
            $"{path}: rows have 2 tokens, more than the model's n_ctx of 1; pack the text again with an `n_ctx` of 1 or less.",
            () => TokenRows.Load(path, 11, 1)
        );
        NpyFile.Write<int>(path, [0, -3], 1, 2);
        Refusal.Says(
            $"{path}: row 0, position 1 holds token id -3, but ids start at 0; pack the text with the tokenizer that the model was "
                + "trained with.",
            () => TokenRows.Load(path)
        );
    }
}

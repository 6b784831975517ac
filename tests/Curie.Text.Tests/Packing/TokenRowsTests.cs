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
            $"{path}: token rows must be uint16 or int32 of shape (rows, n_ctx), but this is float32 of shape (1, 2); write it again "
                + "with curie pack.",
            () => TokenRows.Load(path)
        );
        NpyFile.Write<int>(path, [1, 2], 2);
        Refusal.Says(
            $"{path}: token rows must be uint16 or int32 of shape (rows, n_ctx), but this is int32 of shape (2); write it again with "
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

using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Data;

/// <summary>Which positions a rule means, and what is refused.</summary>
public sealed class PositionRuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TokenRows _rows = new([.. Enumerable.Range(0, 3 * 11)], 11);

    public void Dispose()
    {
        _folder.Dispose();
        _rows.Dispose();
    }

    /// <summary>Rows of 11 tokens have the positions 0 to 9.</summary>
    [Theory]
    [InlineData("5-9", "5 6 7 8 9")]
    [InlineData("7", "7")]
    [InlineData("7-", "7 8 9")]
    [InlineData("-3-", "7 8 9")]
    [InlineData("-3", "7")]
    [InlineData("-3--2", "7 8")]
    [InlineData("0-1, 1-2,-1", "0 1 2 9")]
    public void Ranges_have_both_ends_and_count_from_the_end_below_zero(string text, string expected)
    {
        CountedPositions counted = PositionRule.Parse(text).Of("rows.npy", _rows)!;
        bool[] row = counted.Row(2).ToArray();
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 10).Where(position => row[position])));
        Assert.Null(counted.Rows);
        Assert.True(counted.Fits(_rows));
    }

    [Theory]
    [InlineData("0-9")]
    [InlineData("0-")]
    [InlineData("-10-4,5-9")]
    public void A_rule_that_leaves_nothing_out_is_none(string text) => Assert.Null(PositionRule.Parse(text).Of("rows.npy", _rows));

    [Theory]
    [InlineData("10")]
    [InlineData("-11")]
    [InlineData("4-10")]
    [InlineData("9-5")]
    public void A_range_beyond_the_row_is_refused(string text)
    {
        InputException refused = Assert.Throws<InputException>(() => PositionRule.Parse(text).Of("rows.npy", _rows));
        Assert.StartsWith($"positions are \"{text}\", but the rows of rows.npy have the positions 0 to 9", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5:9")]
    [InlineData("5-9,")]
    [InlineData("--")]
    [InlineData("mask.txt\u001b[31m")]
    [InlineData("99999999999")]
    public void What_is_neither_a_range_nor_a_mask_is_refused(string text)
    {
        InputException refused = Assert.Throws<InputException>(() => PositionRule.Parse(text));
        Assert.StartsWith("positions cannot be \"", refused.Message);
        Assert.DoesNotContain('\u001b', refused.Message);
    }

    [Fact]
    public void A_mask_of_bytes_marks_positions_of_every_row()
    {
        byte[] mask = new byte[30];
        (mask[3], mask[10], mask[29]) = (1, 255, 1);
        string path = Save("mask.npy", mask, 3, 10);
        CountedPositions counted = PositionRule.Parse(path).Of("rows.npy", _rows)!;
        Assert.Equal((1, 1, 1, 3), (counted.CountIn(0), counted.CountIn(1), counted.CountIn(2), counted.Rows));
        Assert.Equal([3, 10, 29], counted.Slots([0, 1, 2]));
        Assert.Equal([9, 13], counted.Slots([2, 0]));
        Assert.False(PositionRule.Parse(path).IsEveryRow());
    }

    [Fact]
    public void A_mask_of_one_row_is_that_of_all()
    {
        bool[] mask = [.. Enumerable.Range(0, 10).Select(position => position > 7)];
        CountedPositions counted = PositionRule.Parse(Save("mask.npy", mask, 10)).Of("rows.npy", _rows)!;
        Assert.Equal([8, 9, 18, 19], counted.Slots([1, 2]));
        Assert.Null(counted.Rows);
        Assert.True(PositionRule.Parse(Save("row.npy", mask, 1, 10)).IsEveryRow());
        Assert.Null(PositionRule.Parse(Save("all.npy", [.. Enumerable.Repeat(true, 10)], 10)).Of("rows.npy", _rows));
    }

    [Fact]
    public void Masks_that_do_not_fit_are_refused()
    {
        Refused(Save("shape.npy", new byte[33], 3, 11), "a mask must be bool or uint8 of shape (3, 10) or (10)");
        Refused(Save("rows.npy", new byte[20], 2, 10), "this is uint8 of shape (2, 10)");
        Refused(Save("floats.npy", new float[30], 3, 10), "this is float32 of shape (3, 10)");
        Refused(Save("none.npy", new bool[30], 3, 10), "no position counts");
        Refused(_folder.File("missing.npy"), "does not exist");

        void Refused(string path, string reason)
        {
            InputException refused = Assert.Throws<InputException>(() => PositionRule.Parse(path).Of("data.npy", _rows));
            Assert.StartsWith(path, refused.Message);
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }
    }

    private string Save<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        NpyFile.Write<T>(_folder.File(name), values, shape);
        return _folder.File(name);
    }
}

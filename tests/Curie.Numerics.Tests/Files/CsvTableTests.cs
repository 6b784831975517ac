using Curie.Numerics.Files;
using Curie.Tests;

namespace Curie.Numerics.Tests.Files;

public sealed class CsvTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fields_may_be_quoted_and_hold_commas_quotes_and_line_breaks()
    {
        CsvTable table = Read("a,b\r\n\"x, \"\"y\"\"\nz\",2.5\r\n\n,-1e3");

        Assert.Equal([2, 5], table.Lines.Select(line => line.Number));
        Assert.Equal("x, \"y\"\nz", table.Text(table.Lines[0], "a"));
        Assert.Equal(2.5, table.Number(table.Lines[0], "b"));
        Assert.Null(table.Number(table.Lines[1], "a"));
        Assert.Equal(-1000, table.Number(table.Lines[1], "b"));
        Assert.Null(table.Number(table.Lines[0], "c"));
        Assert.False(table.Has("c"));
    }

    /// <summary>What <see cref="CsvText.Field"/> writes is what is read.</summary>
    [Fact]
    public void Written_fields_read_back()
    {
        string[] fields = ["plain", "a,b", "say \"so\"", "two\nlines", ""];
        CsvTable table = Read($"a,b,c,d,e\n{string.Join(',', fields.Select(CsvText.Field))}\n");
        Assert.Equal(fields, table.Lines[0].Fields);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,a\n1,2\n", "two columns named 'a'")]
    [InlineData("a,b\n1,2\n3\n", "line 3: 1 fields where the header has 2")]
    public void Damaged_tables_are_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("NaN")]
    [InlineData("x")]
    [InlineData("1e999")]
    public void What_is_no_finite_number_is_refused_with_its_line(string field)
    {
        CsvTable table = Read($"a\n1\n{field}\n");
        Assert.Contains(
            $"line 3: a is '{field}'",
            Assert.Throws<InputException>(() => table.Number(table.Lines[1], "a")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_column_is_named() =>
        Assert.Contains(
            "no column step",
            Assert.Throws<InputException>(() => Read("a\n1\n").Require("a", "step")).Message,
            StringComparison.Ordinal
        );

    private CsvTable Read(string text)
    {
        File.WriteAllText(_folder.File("table.csv"), text);
        return CsvTable.Read(_folder.File("table.csv"));
    }
}

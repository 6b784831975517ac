using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Curie.Page.Data;

namespace Curie.Page.Tests;

public sealed class PageArraysTests
{
    [Fact]
    public void Values_come_back_within_the_documented_error()
    {
        float[] row = [3, -3, 0, 1e-3f, -2e-6f, float.NaN, 2.9f, 0.05f];
        PageArrays arrays = new();
        arrays.Add("odd", new[] { 7 });
        arrays.AddCompanded("a", [row, [0, 0, 0, 0, 0, 0, 0, 0]]);

        ArrayEntry entry = arrays.Table[1];
        byte[] block = Inflate(arrays.ToBase64());
        int offset = entry.Offset;
        Assert.Equal(0, offset % 8);
        Assert.Equal([3.0, 0.0], entry.Scales);
        for (int i = 0; i < row.Length; i++)
        {
            short stored = BinaryPrimitives.ReadInt16LittleEndian(block.AsSpan(offset + (2 * i)));
            double read = stored == short.MinValue ? double.NaN : Math.Sign(stored) * 3 * Math.Pow(stored / 32767.0, 2);
            double bound = (Math.Sqrt(Math.Abs(row[i]) * 3) / 32767) + (3 / Math.Pow(32767, 2) / 4);

            // The bound is exact; a millionth more for rounding of the check itself.
            Assert.True(float.IsNaN(row[i]) ? double.IsNaN(read) : Math.Abs(read - row[i]) <= bound * (1 + 1e-6), $"{row[i]} {read}");
        }
    }

    [Fact]
    public void Nothing_in_the_data_can_end_its_element()
    {
        const string Attack = "</script><!--<script>\"'&\0\u2028\u202E__CURIE_ARRAYS__";
        string page = ReportPage.Fill("<script>__CURIE_DATA__</script>__CURIE_ARRAYS__", PageJson.ToText(new { A = Attack }), "");

        Assert.Equal("<script>".Length, page.IndexOf('>', StringComparison.Ordinal) + 1);
        Assert.Equal(2, page.Split('<').Length - 1);
        Assert.All(page, c => Assert.InRange(c, ' ', '~'));
        string json = page["<script>".Length..^"</script>".Length];
        Assert.Equal(Attack, JsonNode.Parse(json)!["a"]!.GetValue<string>());
    }

    private static byte[] Inflate(string base64)
    {
        using DeflateStream stream = new(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Curie.Page.Data;

namespace Curie.Page;

/// <summary>
/// The numbers of a page: one block of little-endian arrays, deflated, in base64, and a table that says where each lies. Values per token
/// are kept in
/// 16 bits: with m the largest magnitude of a row, v is stored as q = sign(v)·round(32767·√(|v|/m)) and read as sign(q)·m·(q/32767)², which
/// is off by
/// at most √(|v|·m)/32767 + m/32767²/4; a value that is not finite is −32768.
/// </summary>
internal sealed class PageArrays
{
    private const short Missing = short.MinValue;
    private const int Alignment = 8;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<ArrayEntry> _table = [];

    /// <summary>
    /// Where every array lies: `name`, `type`, `offset` in bytes and `length` in elements; companded ones also `scales`, one per row.
    /// </summary>
    public IReadOnlyList<ArrayEntry> Table => _table;

    /// <summary>The deflated block in base64.</summary>
    public string ToBase64()
    {
        using MemoryStream deflated = new();
        using (DeflateStream deflate = new(deflated, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(_bytes.WrittenSpan);
        }

        return Convert.ToBase64String(deflated.GetBuffer(), 0, (int)deflated.Length);
    }

    /// <summary>Adds whole numbers.</summary>
    public void Add(string name, ReadOnlySpan<int> values) => Append(name, "int32", MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>Adds whole numbers below 65,536.</summary>
    public void Add(string name, ReadOnlySpan<ushort> values) => Append(name, "uint16", MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>Adds whole numbers below 256.</summary>
    public void Add(string name, ReadOnlySpan<byte> values) => Append(name, "uint8", values, values.Length);

    /// <summary>Adds float32 numbers as they are.</summary>
    public void Add(string name, ReadOnlySpan<float> values) => Append(name, "float32", MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>Adds rows of equal length in 16 bits.</summary>
    public void AddCompanded(string name, IReadOnlyList<float[]> rows)
    {
        int length = rows.Count == 0 ? 0 : rows[0].Length;
        short[] stored = new short[rows.Count * length];
        double[] scales = new double[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            float largest = rows[row].Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            scales[row] = largest;
            for (int i = 0; i < length; i++)
            {
                stored[(row * length) + i] = Compand(rows[row][i], largest);
            }
        }

        Append(name, "companded", MemoryMarshal.AsBytes(stored.AsSpan()), stored.Length, scales);
    }

    private static short Compand(float value, float largest)
    {
        if (!float.IsFinite(value))
        {
            return Missing;
        }

        return largest == 0 ? (short)0 : (short)(Math.Sign(value) * (int)Math.Round(short.MaxValue * Math.Sqrt(Math.Abs(value) / largest)));
    }

    private void Append(string name, string type, ReadOnlySpan<byte> bytes, int length, double[]? scales = null)
    {
        while (_bytes.WrittenCount % Alignment != 0)
        {
            _bytes.Write<byte>([0]);
        }

        _table.Add(new ArrayEntry(name, type, _bytes.WrittenCount, length, scales));
        _bytes.Write(bytes);
    }
}

using Curie.Development.Attention;
using Curie.Numerics;
using Curie.Page.Data;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>
/// Where the heads of a run attend in its text, as a page holds it: of every position the keys with the largest weights
/// (docs/formats.md, `attention`).
/// </summary>
internal sealed class PageAttention
{
    /// <summary>The bytes that it may take of a page's block of arrays.</summary>
    public const long MostBytes = 1_500_000;

    private const int MostKeys = 8;
    private const int ListedKeys = 5;
    private const int FewestKeys = 3;
    private const int BytesPerKey = sizeof(ushort) + sizeof(byte);
    private readonly AttentionPatterns _patterns;
    private readonly int _keys;
    private readonly int _rows;

    private PageAttention(AttentionPatterns patterns, int probes)
    {
        _patterns = patterns;
        long perKey = (long)patterns.Components.Count * patterns.Positions * BytesPerKey;
        _keys = MostKeys;
        while (_keys > Fewest(MostBytes / (perKey * _keys)))
        {
            _keys--;
        }

        _rows = (int)Math.Min(patterns.Rows.Count, MostBytes / (perKey * _keys));
        Bytes = _rows * perKey * _keys;

        // All rows are worth as many keys as the page lists in numbers, and a row of every probe some of these too.
        int Fewest(long fitting) =>
            fitting >= patterns.Rows.Count ? _keys
            : _keys > ListedKeys ? ListedKeys
            : fitting >= probes ? _keys
            : FewestKeys;
    }

    /// <summary>The bytes that it takes.</summary>
    public long Bytes { get; }

    /// <summary>The rows that it is of, which the page's text therefore shows first.</summary>
    public IReadOnlySet<(int Probe, int Row)> Rows => _patterns.Rows.Take(_rows).ToHashSet();

    /// <summary>Reads a run folder; null where it keeps none, or where none fits, which notes then say.</summary>
    public static PageAttention? Read(string folder, RunManifest run, List<string> notes)
    {
        if (AttentionPatterns.HeadsOf(run.Components).Length == 0)
        {
            return null;
        }

        if (!File.Exists(Path.Combine(folder, RunAttention.FileName)))
        {
            notes.Add(
                "Where heads attend in the text is not shown, because the run folder keeps nothing of it; curie scores measures and keeps "
                    + "it."
            );
            return null;
        }

        try
        {
            PageAttention attention = new(RunAttention.Find(folder, run)!, run.ProbeNames.Count);
            if (attention._rows > 0)
            {
                if (attention._rows < attention._patterns.Rows.Count)
                {
                    notes.Add(
                        $"Where heads attend in the text is on the page for {attention._rows} of the "
                            + $"{Counted.Of(attention._patterns.Rows.Count, "row")} that the run folder keeps it of, so that the page "
                            + "stays small."
                    );
                }

                return attention;
            }

            notes.Add("Where heads attend in the text is not shown, because not one row of it fits into the page.");
            return null;
        }
        catch (InputException error)
        {
            notes.Add($"Where heads attend in the text is not shown: {error.Message}");
            return null;
        }
    }

    /// <summary>
    /// Adds the arrays `attention_probe`, `attention_row` (by row), `attention_component` (by head), and `attention_key` and
    /// `attention_weight`: rows × heads × positions × keys, the largest weight first.
    /// </summary>
    public AttentionData AddTo(PageArrays arrays)
    {
        int heads = _patterns.Components.Count;
        ushort[] keys = new ushort[_rows * heads * _patterns.Positions * _keys];
        byte[] weights = new byte[keys.Length];
        int at = 0;
        for (int row = 0; row < _rows; row++)
        {
            for (int head = 0; head < heads; head++)
            {
                for (int query = 0; query < _patterns.Positions; query++, at += _keys)
                {
                    Largest(_patterns.Weights(row, head, query), keys.AsSpan(at, _keys), weights.AsSpan(at, _keys));
                }
            }
        }

        arrays.Add("attention_probe", _patterns.Rows.Take(_rows).Select(row => row.Probe).ToArray());
        arrays.Add("attention_row", _patterns.Rows.Take(_rows).Select(row => row.Row).ToArray());
        arrays.Add("attention_component", _patterns.Components.ToArray());
        arrays.Add("attention_key", keys);
        arrays.Add("attention_weight", weights);
        return new AttentionData(_patterns.Positions, _keys);
    }

    /// <summary>The keys with the largest weights, the earlier first of equal ones; weights of 0 beyond those that there are.</summary>
    private static void Largest(ReadOnlySpan<byte> all, Span<ushort> keys, Span<byte> weights)
    {
        int found = 0;
        for (int key = 0; key < all.Length; key++)
        {
            int place = found;
            while (place > 0 && weights[place - 1] < all[key])
            {
                place--;
            }

            if (place == keys.Length)
            {
                continue;
            }

            found = Math.Min(found + 1, keys.Length);
            for (int moved = found - 1; moved > place; moved--)
            {
                (keys[moved], weights[moved]) = (keys[moved - 1], weights[moved - 1]);
            }

            (keys[place], weights[place]) = ((ushort)key, all[key]);
        }
    }
}

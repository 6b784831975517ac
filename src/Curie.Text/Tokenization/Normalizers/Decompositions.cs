using System.Globalization;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>The tables of <c>decompositions.txt</c>, and the arithmetic of Hangul (Unicode Standard, section 3.12).</summary>
internal static class Decompositions
{
    private const int SyllableBase = 0xAC00;
    private const int SyllableCount = 11172;
    private const int LeadBase = 0x1100;
    private const int LeadCount = 19;
    private const int VowelBase = 0x1161;
    private const int VowelCount = 21;
    private const int TailBase = 0x11A7;
    private const int TailCount = 28;
    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The canonical combining class; 0 of what is not a mark.</summary>
    public static int ClassOf(int point) => point < 0x300 ? 0 : Data.Value.Classes.GetValueOrDefault(point);

    /// <summary>
    /// Whether a composed text keeps a character whatever is beside it, if all of the text is such characters: it has no class, is not
    /// composed with one before it, and does not decompose for good (NFC_Quick_Check or NFKC_Quick_Check is Yes).
    /// </summary>
    public static bool IsStable(int point, bool compatibly) =>
        point < 0x300
            ? !compatibly || !Data.Value.Compatible.ContainsKey(point)
            : !(compatibly ? Data.Value.UnstableCompatibly : Data.Value.Unstable).Contains(point);

    /// <summary>Appends the full decomposition of a character, not yet ordered.</summary>
    public static void Append(int point, bool compatibly, List<int> points)
    {
        Tables tables = Data.Value;
        if (point is >= SyllableBase and < SyllableBase + SyllableCount)
        {
            int index = point - SyllableBase;
            points.Add(LeadBase + (index / (VowelCount * TailCount)));
            points.Add(VowelBase + (index % (VowelCount * TailCount) / TailCount));
            if (index % TailCount != 0)
            {
                points.Add(TailBase + (index % TailCount));
            }
        }
        else if (
            point >= 0xA0
            && (tables.Canonical.TryGetValue(point, out int[]? parts) || (compatibly && tables.Compatible.TryGetValue(point, out parts)))
        )
        {
            foreach (int part in parts)
            {
                Append(part, compatibly, points);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>The one character that two compose to.</summary>
    public static bool TryCompose(int first, int second, out int composed)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            composed = SyllableBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TailCount);
            return true;
        }

        if (
            first is >= SyllableBase and < SyllableBase + SyllableCount
            && (first - SyllableBase) % TailCount == 0
            && second is > TailBase and < TailBase + TailCount
        )
        {
            composed = first + second - TailBase;
            return true;
        }

        return Data.Value.Composites.TryGetValue((first, second), out composed);
    }

    private sealed class Tables
    {
        public Dictionary<int, int[]> Canonical { get; } = new(2100);

        public Dictionary<int, int[]> Compatible { get; } = new(3700);

        public Dictionary<(int First, int Second), int> Composites { get; } = new(1000);

        public Dictionary<int, int> Classes { get; } = new(820);

        public HashSet<int> Unstable { get; } = new(3000);

        public HashSet<int> UnstableCompatibly { get; } = new(6000);

        public static Tables Read()
        {
            using Stream stream = typeof(Decompositions).Assembly.GetManifestResourceStream("decompositions.txt")
                ?? throw new InvalidOperationException("decompositions.txt is not embedded in the assembly.");
            using StreamReader reader = new(stream);
            Tables tables = new();
            HashSet<int> excluded = [];
            while (reader.ReadLine() is { } line)
            {
                string[] words = line.Split(' ');
                switch (line[0])
                {
                    case '#':
                        break;
                    case '!':
                        excluded.UnionWith(words.Skip(1).SelectMany(Range));
                        break;
                    case '@':
                        int mark = int.Parse(words[0].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
                        foreach (int point in words.Skip(1).SelectMany(Range))
                        {
                            tables.Classes.Add(point, mark);
                        }

                        break;
                    default:
                        bool compatible = words[1] == "~";
                        (compatible ? tables.Compatible : tables.Canonical).Add(
                            Hex(words[0]),
                            [.. words.Skip(compatible ? 2 : 1).Select(Hex)]
                        );
                        break;
                }
            }

            foreach ((int point, int[] parts) in tables.Canonical)
            {
                if (parts.Length == 2 && !excluded.Contains(point))
                {
                    tables.Composites.Add((parts[0], parts[1]), point);
                }
            }

            tables.FindUnstable();
            return tables;
        }

        private void FindUnstable()
        {
            Unstable.UnionWith(Classes.Keys);
            Unstable.UnionWith(Composites.Keys.Select(pair => pair.Second));
            Unstable.UnionWith(Canonical.Keys.Except(Composites.Values));
            Unstable.UnionWith(Enumerable.Range(VowelBase, VowelCount));
            Unstable.UnionWith(Enumerable.Range(TailBase + 1, TailCount - 1));
            UnstableCompatibly.UnionWith(Unstable);
            UnstableCompatibly.UnionWith(Compatible.Keys);

            // What decomposes canonically into what decomposes further for compatibility.
            UnstableCompatibly.UnionWith(Canonical.Where(entry => entry.Value.Any(Compatible.ContainsKey)).Select(entry => entry.Key));
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        private static IEnumerable<int> Range(string text)
        {
            string[] ends = text.Split('-');
            return Enumerable.Range(Hex(ends[0]), Hex(ends[^1]) - Hex(ends[0]) + 1);
        }
    }
}

using System.Buffers.Text;
using System.Text;
using Curie.Numerics;
using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Patterns;
using Curie.Text.Tokenization.Pipeline;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads tiktoken's files: on every line a token in base 64 and its rank, which is its id.</summary>
internal static class TiktokenFile
{
    private const int LongestToken = 1024;

    /// <summary>Whether a file begins as one of these.</summary>
    public static bool IsLike(ReadOnlySpan<byte> start)
    {
        int end = start.IndexOf((byte)'\n');
        return TryLine(end < 0 ? start : start[..end], out _, out _);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="pattern">The name of a pattern, or a regular expression; null to go by the file's name.</param>
    public static Tokenizer Read(Stream stream, string path, string? pattern)
    {
        TiktokenEncoding encoding = TiktokenEncoding.Choose(path, pattern);
        Dictionary<string, int> vocabulary = ReadRanks(stream, path);
        for (int value = 0; value < ByteAlphabet.Size; value++)
        {
            if (!vocabulary.ContainsKey(ByteAlphabet.Character((byte)value).ToString()))
            {
                throw new InputException($"{path} has no token for the byte 0x{value:X2}; a byte-level vocabulary needs all 256 of them.");
            }
        }

        List<(Merge Merge, int Rank)> merges = [];
        List<(string Left, string Right)> pairs = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string token, int id) in vocabulary)
        {
            for (int cut = 1; cut < token.Length; cut++)
            {
                if (lookup.TryGetValue(token.AsSpan(0, cut), out int left) && lookup.TryGetValue(token.AsSpan(cut), out int right))
                {
                    merges.Add((new Merge(left, right, id), id));
                }
            }
        }

        BpeModel model = new(vocabulary, new MergeTable(merges), pairs, new BpeOptions { IgnoreMerges = true }) { Owner = path };
        RegexPattern regex = new(encoding.Pattern, RegexDialect.Fancy, path);
        AddedToken[] specials = encoding.Specials(vocabulary.Values.Max() + 1);
        return new PipelineTokenizer(
            new TokenizerDesign(path, model)
            {
                Kind = $"tiktoken, {encoding.Name}",
                Added = [.. specials.Where(special => !vocabulary.ContainsValue(special.Id))],
                PreTokenizers =
                [
                    new SplitPreTokenizer($"Split into {regex.Description}", regex, SplitBehavior.Removed, invert: true),
                    new BytesPreTokenizer(),
                ],
                Decoders = [new ByteLevelDecoder()],
            }
        );
    }

    private static Dictionary<string, int> ReadRanks(Stream stream, string path)
    {
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        HashSet<int> taken = [];
        using StreamReader reader = new(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            if (!TryLine(Encoding.Latin1.GetBytes(line), out byte[] token, out int id) || token.Length is 0 or > LongestToken)
            {
                throw new InputException(
                    $"{path} has line {number}, which is not a token in base 64, a space and a rank; give a file of tiktoken's format."
                );
            }

            if (!vocabulary.TryAdd(ByteAlphabet.ToText(token), id) || !taken.Add(id))
            {
                throw new InputException($"{path} has line {number}, whose token or rank was there before; tokens and ranks must differ.");
            }
        }

        return vocabulary;
    }

    private static bool TryLine(ReadOnlySpan<byte> line, out byte[] token, out int id)
    {
        token = [];
        id = -1;
        int space = line.IndexOf((byte)' ');
        if (space < 0 || space > 2 * LongestToken)
        {
            return false;
        }

        ReadOnlySpan<byte> number = line[(space + 1)..].TrimEnd("\r "u8);
        byte[] bytes = new byte[space];
        if (
            !Utf8Parser.TryParse(number, out id, out int used)
            || used != number.Length
            || id is < 0 or >= TokenIds.Most
            || Base64.DecodeFromUtf8(line[..space], bytes, out int consumed, out int written) != System.Buffers.OperationStatus.Done
            || consumed != space
        )
        {
            return false;
        }

        token = bytes[..written];
        return true;
    }
}

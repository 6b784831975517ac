using System.Text;
using System.Text.Unicode;
using Curie.Numerics;
using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Normalizers;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Reading;

/// <summary>
/// Reads llama2.c's <c>tokenizer.bin</c>: the length of the longest token, then for every token a score, a length and the bytes. Of the
/// pairs side by side that are a token together the one with the highest score merges first.
/// </summary>
internal static class LlamaBinFile
{
    private const int LongestToken = 1024;
    private const int FirstByte = 3;
    private const float LeastScore = -1e10f;

    /// <summary>Whether a file begins as one of these: a small length, a score, and the token <c>&lt;unk&gt;</c>.</summary>
    public static bool IsLike(ReadOnlySpan<byte> start) => start.Length >= 17 && start[4..].IndexOf("<unk>"u8) == 8;

    /// <summary>Reads a file.</summary>
    public static Tokenizer Read(Stream stream, string path)
    {
        List<(string Text, float Score)> tokens = ReadTokens(stream, path);
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
        {
            vocabulary.TryAdd(tokens[id].Text, id);
        }

        for (int value = 0; value < ByteAlphabet.Size; value++)
        {
            if (tokens.Count <= FirstByte + value || tokens[FirstByte + value].Text != $"<0x{value:X2}>")
            {
                throw new InputException(
                    $"{path} has no token <0x{value:X2}> at {FirstByte + value}; give llama2.c's tokenizer.bin, which begins with "
                        + "<unk>, <s>, "
                        + "</s> and all bytes."
                );
            }
        }

        int[] ranks = Ranks(tokens);
        List<(Merge Merge, int Rank)> merges = [];
        List<(string Left, string Right)> pairs = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string token, int id) in vocabulary)
        {
            for (int cut = 1; cut < token.Length && tokens[id].Score > LeastScore; cut++)
            {
                if (lookup.TryGetValue(token.AsSpan(0, cut), out int left) && lookup.TryGetValue(token.AsSpan(cut), out int right))
                {
                    merges.Add((new Merge(left, right, id), ranks[id]));
                    pairs.Add((token[..cut], token[cut..]));
                }
            }
        }

        BpeModel model = new(vocabulary, new MergeTable(merges), pairs, new BpeOptions { ByteFallback = true }) { Owner = path };
        return new PipelineTokenizer(
            new TokenizerDesign(path, model)
            {
                Kind = "llama2.c's tokenizer.bin",
                Added =
                [
                    new AddedToken(0, "<unk>") { IsSpecial = true },
                    new AddedToken(1, "<s>") { IsSpecial = true },
                    new AddedToken(2, "</s>") { IsSpecial = true },
                ],
                Normalizer = new PrependNormalizer(" "),
                Template = new Template([1], []),
                Decoders = [new ByteFallbackDecoder(), new FuseDecoder(), new StripDecoder(new Rune(' '), 1, 0)],
                Bos = 1,
                Eos = 2,
            }
        );
    }

    private static List<(string Text, float Score)> ReadTokens(Stream stream, string path)
    {
        List<(string, float)> tokens = [];
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        long left = stream.Length - stream.Position - sizeof(int);
        reader.ReadInt32();
        while (left > 0)
        {
            if (left < 8)
            {
                throw Damaged();
            }

            float score = reader.ReadSingle();
            int length = reader.ReadInt32();
            left -= 8;
            if (length < 0 || length > Math.Min(left, LongestToken) || float.IsNaN(score))
            {
                throw Damaged();
            }

            byte[] bytes = reader.ReadBytes(length);
            left -= length;
            if (!Utf8.IsValid(bytes))
            {
                throw Damaged();
            }

            tokens.Add((Encoding.UTF8.GetString(bytes), score));
        }

        return tokens;

        InputException Damaged() => new($"{path} is damaged at token {tokens.Count}; give llama2.c's tokenizer.bin, whole.");
    }

    /// <summary>The scores as ranks: the highest first, equal ones alike.</summary>
    private static int[] Ranks(List<(string Text, float Score)> tokens)
    {
        float[] scores = [.. tokens.Select(token => token.Score).Distinct().OrderDescending()];
        Dictionary<float, int> places = [];
        for (int i = 0; i < scores.Length; i++)
        {
            places[scores[i]] = i;
        }

        return [.. tokens.Select(token => places[token.Score])];
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Curie.Numerics;
using Curie.Tests;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

/// <summary>
/// Damaged tokenizer files are tokenizers or refusals in one sentence: no other exception, no allocation out of proportion, no endless
/// loop.
/// <c>CURIE_MUTATIONS</c> says how many files; <c>.ci/long</c> tries 100 000.
/// </summary>
public sealed class TokenizerFuzzTests : IDisposable
{
    /// <summary>A table by id and its list of ordinary ids, for the largest id that a file may give, and the reader's buffers.</summary>
    private const long MostAllocated = 256L << 20;

    private const int Default = 1500;
    private static readonly string[] Texts = ["", "Hello, world's 123 ▁x\n\n  é🙂", "<s> a</s><|endoftext|>  b"];
    private static readonly string[] Snippets =
    [
        "null",
        "-1",
        "16777215",
        "1e999",
        "99999999999999999999",
        "true",
        "\"\"",
        "[]",
        "{}",
        "[[[[[[[[",
        "\"\\ud800\"",
        "\"(a+)+$\"",
        "\"\\\\p{L}{1,999}+\"",
        "\"Sequence\"",
        "\"Metaspace\"",
        "\"Split\"",
        "\"ByteFallback\"",
        "\"WordLevel\"",
        "\u0000",
        "\xFF",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_damaged_file_is_a_tokenizer_or_a_refusal()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("CURIE_MUTATIONS"), CultureInfo.InvariantCulture, out int given)
            ? given
            : Default;
        (string Name, byte[] Bytes)[] originals = [.. Originals()];
        Random random = new(1);
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            (string name, byte[] bytes) = originals[i % originals.Length];
            string path = _folder.File(name);
            File.WriteAllBytes(path, Mutated(bytes, originals[random.Next(originals.Length)].Bytes, random));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                Use(TokenizerFile.Load(path, name.EndsWith("tiktoken", StringComparison.Ordinal) ? "gpt2" : null));
                read++;
            }
            catch (InputException refusal)
            {
                Assert.DoesNotContain(refusal.Message, char.IsControl);
            }
            catch (Exception error)
            {
                Assert.Fail($"mutation {i} of {name}: {error}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostAllocated, $"mutation {i} of {name} allocates too much");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"mutation {i} of {name} takes too long");
        }

        // Some must be read, or nothing but the readers' first lines was tried.
        Assert.InRange(read, count / 50, count - 1);
    }

    private static void Use(Tokenizer tokenizer)
    {
        TextEncoder encoder = tokenizer.CreateEncoder(SpecialText.Token, template: true);
        foreach (string text in Texts)
        {
            List<int> ids = [];
            encoder.Encode(text, ids);
            tokenizer.Decode([.. ids]);
            tokenizer.DecodeBytes([.. ids]);
        }

        Assert.NotEmpty(tokenizer.Parts);
        Assert.True(tokenizer.OrdinaryIds.Count <= tokenizer.VocabularySize);
    }

    /// <summary>Small files of every kind, so that a change is likely to hit what matters.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Originals()
    {
        const string Vocabulary = """
            "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "▁": 3, "a": 4, "b": 5, "▁a": 6, "ab": 7, "<0xC3>": 8, "<0xA9>": 9, "e": 10, "Ġ": 11}
            """;
        const string Added = """
            "added_tokens": [
              {"id": 1, "content": "<s>", "special": true, "lstrip": true, "rstrip": true, "normalized": false, "single_word": true},
              {"id": 12, "content": "  ", "special": false, "normalized": true}]
            """;
        const string Template = """
            "post_processor": {
              "type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
              "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
            """;
        const string Regex = """
            "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s+(?!\\S)|\\s+"
            """;
        yield return (
            "a.json",
            Encoding.UTF8.GetBytes(
                $$"""
                { {{Added}}, {{Template}}, "pre_tokenizer": null,
                  "normalizer": {"type": "Sequence", "normalizers": [
                    {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
                  "decoder": {"type": "Sequence", "decoders": [
                    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                    {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                  "model": {
                    "type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true, {{Vocabulary}},
                    "merges": [["▁", "a"], ["a", "b"]] } }
                """
            )
        );
        yield return (
            "b.json",
            Encoding.UTF8.GetBytes(
                $$"""
                { {{Added}}, "normalizer": {"type": "NFKC"},
                  "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                    {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex": {{Regex}} } },
                    {"type": "Digits", "individual_digits": true}, {"type": "ByteLevel", "add_prefix_space": true, "use_regex": true}]},
                  "post_processor": {"type": "ByteLevel"}, "decoder": {"type": "ByteLevel"},
                  "model": {"type": "BPE", "ignore_merges": true, {{Vocabulary}}, "merges": ["a b"]} }
                """
            )
        );
        yield return (
            "c.json",
            Encoding.UTF8.GetBytes(
                $$"""
                { "normalizer": {"type": "Lowercase"},
                  "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true},
                  "decoder": {"type": "Metaspace", "replacement": "▁"},
                  "model": {"type": "WordLevel", "unk_token": "<unk>", {{Vocabulary}} } }
                """
            )
        );
        yield return (
            "d.json",
            Encoding.UTF8.GetBytes("""{"vocab_size": 3, "itos": {"0": "a", "1": "b", "2": " "}, "stoi": {"a": 0, "b": 1, " ": 2}}""")
        );
        yield return ("e.json", Encoding.UTF8.GetBytes("""["a", "b", "\n", " ", "é"]"""));
        yield return (
            "f.pkl",
            Convert.FromBase64String(
                "gASVkgAAAAAAAAB9lCiMCnZvY2FiX3NpemWUSwqMBGl0b3OUfZQoSwCMAQqUSwGMASCUSwKMASGUSwOMAWGUSwSMAWKUSwWMAWOU"
                    + "SwaMAWSUSweMAWWUSwiMAsOplEsJ"
                    + "jATwn5mClHWMBHN0b2mUfZQoaARLAGgFSwFoBksCaAdLA2gISwRoCUsFaApLBmgLSwdoDEsIaA1LCXV1Lg=="
            )
        );
        yield return (
            "g.tiktoken",
            Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n")) + "YWI= 256\n"
            )
        );
        yield return ("h.bin", Bin());
    }

    private static byte[] Bin()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(6);
        string[] tokens =
        [
            "<unk>",
            "\n<s>\n",
            "\n</s>\n",
            .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
            " ",
            "a",
            "b",
            " a",
            "ab",
        ];
        for (int i = 0; i < tokens.Length; i++)
        {
            writer.Write(-1f - i);
            writer.Write(Encoding.UTF8.GetByteCount(tokens[i]));
            writer.Write(Encoding.UTF8.GetBytes(tokens[i]));
        }

        return stream.ToArray();
    }

    private static byte[] Mutated(byte[] original, byte[] other, Random random)
    {
        List<byte> bytes = [.. original];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(bytes.Count - at, 1 << random.Next(6));
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 4:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + (1 << random.Next(8)))]);
                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    Replace(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts a value in place of what is between two signs of JSON, so that the file stays JSON.</summary>
    private static void Replace(List<byte> bytes, int at, Random random)
    {
        while (at > 0 && bytes[at - 1] is not ((byte)':' or (byte)',' or (byte)'['))
        {
            at--;
        }

        int end = at;
        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']'))
        {
            end++;
        }

        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, Encoding.Latin1.GetBytes(Snippets[random.Next(Snippets.Length)]));
    }
}

using System.Globalization;
using Curie.Numerics;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Reading;

/// <summary>
/// What a file of ranks does not say: the pattern and the special tokens. The patterns are tiktoken's (<c>openai_public.py</c>), Llama
/// 3's and Qwen's own.
/// </summary>
internal sealed class TiktokenEncoding
{
    private const string Gpt2 = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s";

    private const string Cl100K =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s";

    private const string Endings = "(?:'s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D)?";

    private const string O200K =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        + Endings
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        + Endings
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly TiktokenEncoding[] Known =
    [
        new("gpt2", Gpt2, 50256, ("<|endoftext|>", 50256)),
        new("r50k_base", Gpt2, 50256, ("<|endoftext|>", 50256)),
        new("p50k_base", Gpt2, 50281, ("<|endoftext|>", 50256)),
        new(
            "p50k_edit",
            Gpt2,
            50281,
            ("<|endoftext|>", 50256),
            ("<|fim_prefix|>", 50281),
            ("<|fim_middle|>", 50282),
            ("<|fim_suffix|>", 50283)
        ),
        new(
            "cl100k_base",
            Cl100K,
            100256,
            ("<|endoftext|>", 100257),
            ("<|fim_prefix|>", 100258),
            ("<|fim_middle|>", 100259),
            ("<|fim_suffix|>", 100260),
            ("<|endofprompt|>", 100276)
        ),
        new("o200k_base", O200K, 199998, ("<|endoftext|>", 199999), ("<|endofprompt|>", 200018)),
        new("llama3", Llama3, 128000, [.. LlamaSpecials()]),
        new("qwen", Qwen, 151643, ("<|endoftext|>", 151643), ("<|im_start|>", 151644), ("<|im_end|>", 151645)),
    ];

    private readonly int _ranks;
    private readonly (string Content, int Id)[] _specials;

    private TiktokenEncoding(string name, string pattern, int ranks, params (string Content, int Id)[] specials)
    {
        Name = name;
        Pattern = pattern;
        _ranks = ranks;
        _specials = specials;
    }

    /// <summary>The names of the patterns that are known.</summary>
    public static string Names => string.Join(", ", Known.Select(known => known.Name));

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The regular expression whose matches are words.</summary>
    public string Pattern { get; }

    /// <summary>The encoding that a user names or whose pattern a user gives, or else the one that the file's name tells.</summary>
    /// <exception cref="InputException">The file's name tells none.</exception>
    public static TiktokenEncoding Choose(string path, string? pattern)
    {
        string name = pattern ?? Path.GetFileNameWithoutExtension(path);
        return Array.Find(Known, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? (
                pattern is not null && !pattern.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-')
                    ? new TiktokenEncoding("a pattern given", pattern, -1)
                    : throw new InputException(
                        $"{path} is a tiktoken file, which does not say how text is cut into words; name its `pattern`, one of "
                            + $"{Names}, or give the "
                            + "regular expression itself."
                    )
            );
    }

    /// <summary>
    /// The special tokens: the known ones of a vocabulary of the known size, else <c>&lt;|endoftext|&gt;</c> behind the last rank.
    /// </summary>
    /// <param name="end">One more than the largest rank.</param>
    public AddedToken[] Specials(int end) =>
        [
            .. (end == _ranks ? _specials : [("<|endoftext|>", end)]).Select(special => new AddedToken(special.Item2, special.Item1)
            {
                IsSpecial = true,
            }),
        ];

    private static IEnumerable<(string Content, int Id)> LlamaSpecials()
    {
        const int First = 128000;
        Dictionary<int, string> names = new()
        {
            [0] = "<|begin_of_text|>",
            [1] = "<|end_of_text|>",
            [6] = "<|start_header_id|>",
            [7] = "<|end_header_id|>",
            [9] = "<|eot_id|>",
        };
        int reserved = 0;
        for (int i = 0; i < 256; i++)
        {
            string name = names.GetValueOrDefault(i)
                ?? string.Create(CultureInfo.InvariantCulture, $"<|reserved_special_token_{reserved++}|>");
            yield return (name, First + i);
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>
/// Reads tokens such as <c>&lt;0xE2&gt;</c> as bytes: a run of them that is UTF-8 is its characters, else one U+FFFD for each byte.
/// </summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    public string Description => "ByteFallback";

    /// <summary>The byte that a token stands for.</summary>
    public static bool TryByte(string token, out byte value)
    {
        value = 0;
        return token.Length == 6
            && token.StartsWith("<0x", StringComparison.Ordinal)
            && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    public List<string> Decode(List<string> tokens, LengthLimit limit)
    {
        List<string> result = [];
        List<byte> run = [];
        foreach (string token in tokens)
        {
            if (TryByte(token, out byte value))
            {
                run.Add(value);
                continue;
            }

            End(run, result);
            result.Add(token);
        }

        End(run, result);
        return result;
    }

    private static void End(List<byte> run, List<string> result)
    {
        if (run.Count == 0)
        {
            return;
        }

        byte[] bytes = [.. run];
        if (Utf8.IsValid(bytes))
        {
            result.Add(Encoding.UTF8.GetString(bytes));
        }
        else
        {
            result.AddRange(Enumerable.Repeat("\uFFFD", bytes.Length));
        }

        run.Clear();
    }
}

using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Reads GPT-2's alphabet as bytes and these as UTF-8; a token with a character outside the alphabet stands for itself.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public string Description => "ByteLevel";

    /// <summary>The bytes of a token.</summary>
    public static byte[] Bytes(string token) => ByteAlphabet.TryToBytes(token, out byte[] bytes) ? bytes : Encoding.UTF8.GetBytes(token);

    public List<string> Decode(List<string> tokens, LengthLimit limit)
    {
        using MemoryStream bytes = new();
        foreach (string token in tokens)
        {
            bytes.Write(Bytes(token));
        }

        return [Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length)];
    }
}

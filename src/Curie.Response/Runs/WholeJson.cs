using System.Text.Json;
using Curie.Numerics.Files;

namespace Curie.Response.Runs;

/// <summary>
/// JSON all of whose strings are text. The reader decodes strings when they are asked for, which may be never or too late to say what is
/// wrong: bytes that are no UTF-8, and halves of surrogate pairs.
/// </summary>
internal static class WholeJson
{
    /// <summary>The bytes of a file.</summary>
    /// <exception cref="JsonException">It is not JSON, or a string in it is no text.</exception>
    /// <exception cref="Numerics.InputException">The file cannot be read.</exception>
    public static byte[] Read(string path)
    {
        byte[] bytes = InputFile.Read(path, ReadAll);
        byte[] json = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
        Check(json);
        return json;
    }

    private static void Check(byte[] json)
    {
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
            {
                try
                {
                    reader.GetString();
                }
                catch (InvalidOperationException error)
                {
                    long line = json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
                    throw new JsonException(error.Message, path: null, line, bytePositionInLine: null, error);
                }
            }
        }
    }

    private static byte[] ReadAll(FileStream stream)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

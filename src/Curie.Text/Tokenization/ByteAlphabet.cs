namespace Curie.Text.Tokenization;

/// <summary>
/// GPT-2's alphabet: a printable character for every byte, so that any byte string can be written as text in a vocabulary file.
/// The 188 printable bytes of Latin-1 stand for themselves; the other 68, in order, are U+0100, U+0101, … (Radford et al. 2019,
/// <c>bytes_to_unicode</c>). A byte's token id is its character's rank, so "!" is 0 and the space is 220, as in GPT-2.
/// </summary>
public static class ByteAlphabet
{
    /// <summary>The number of byte tokens; ids 0 to 255.</summary>
    public const int Size = 256;

    private const int FirstSubstitute = 0x100;
    private static readonly char[] Characters = new char[Size];
    private static readonly byte[] Ids = new byte[Size];
    private static readonly byte[] BytesById = new byte[Size];
    private static readonly short[] BytesByCharacter = new short[2 * Size];

    static ByteAlphabet()
    {
        int substitutes = 0;
        for (int value = 0; value < Size; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            Characters[value] = (char)(printable ? value : FirstSubstitute + substitutes++);
        }

        Array.Fill(BytesByCharacter, (short)-1);
        int id = 0;
        foreach (char character in Characters.Order())
        {
            byte value = (byte)Array.IndexOf(Characters, character);
            BytesByCharacter[character] = value;
            BytesById[id] = value;
            Ids[value] = (byte)id++;
        }
    }

    /// <summary>The character that stands for a byte.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>The token id of a byte.</summary>
    public static int Id(byte value) => Ids[value];

    /// <summary>The byte of a token id from 0 to 255.</summary>
    public static byte Byte(int id) => BytesById[id];

    /// <summary>Bytes written in the alphabet.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (text, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                text[i] = Characters[source[i]];
            }
        });

    /// <summary>The bytes that <paramref name="text"/> spells.</summary>
    /// <returns>False where a character is not of the alphabet.</returns>
    public static bool TryToBytes(string text, out byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] >= BytesByCharacter.Length || BytesByCharacter[text[i]] < 0)
            {
                return false;
            }

            bytes[i] = (byte)BytesByCharacter[text[i]];
        }

        return true;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Curie.Text.Corpora;

/// <summary>
/// Two independent 64-bit numbers per (seed, text), from SHA-256: one orders documents, one decides what is held out. They depend on
/// nothing else, so
/// equal texts fall on the same side of the split, and a document's side does not change when others are added.
/// </summary>
/// <param name="Order">Where the document stands in the shuffled order.</param>
/// <param name="Split">The document is held out where this is small.</param>
internal readonly record struct DocumentHash(ulong Order, ulong Split)
{
    /// <summary>The split number as a fraction in [0, 1).</summary>
    public double SplitFraction => (Split >> 11) * (1.0 / (1UL << 53));

    public static DocumentHash Of(long seed, string text)
    {
        byte[] bytes = new byte[sizeof(long) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(sizeof(long)));
        byte[] hash = SHA256.HashData(bytes);
        return new DocumentHash(
            BinaryPrimitives.ReadUInt64LittleEndian(hash),
            BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(sizeof(ulong)))
        );
    }
}

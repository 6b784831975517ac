using System.Buffers.Binary;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>
/// The header of a file of llama2.c: seven integers alone (version 0), or after the magic number and the version in 256 bytes (version 1).
/// Source: export.py of github.com/karpathy/llama2.c.
/// </summary>
/// <param name="Version">0 or 1.</param>
/// <param name="Bytes">The bytes before the weights.</param>
/// <param name="Width">dim.</param>
/// <param name="HiddenWidth">hidden_dim, of the MLP.</param>
/// <param name="Layers">n_layers.</param>
/// <param name="Heads">n_heads.</param>
/// <param name="KeyHeads">n_kv_heads.</param>
/// <param name="Vocabulary">vocab_size.</param>
/// <param name="Context">max_seq_len.</param>
/// <param name="IsTied">Whether the unembedding is the embedding.</param>
internal sealed record LlamaHeader(
    int Version,
    int Bytes,
    int Width,
    int HiddenWidth,
    int Layers,
    int Heads,
    int KeyHeads,
    int Vocabulary,
    int Context,
    bool IsTied
)
{
    private const uint Magic = 0x616B3432;
    private const int FieldBytes = 28;
    private const int HeadBytesOfVersion1 = 256;
    private const int MostOfAnything = 1 << 20;
    private const int MostLayers = 1 << 12;

    /// <summary>The elements of all weights, with the tables of the rotary embedding that version 0 holds.</summary>
    public Int128 Elements => LlamaTensors.Of(this).Aggregate((Int128)0, (sum, tensor) => sum + tensor.Count);

    /// <summary>Tells whether a file begins like one of llama2.c and reads its header.</summary>
    /// <param name="head">The first bytes of the file.</param>
    /// <param name="file">The file.</param>
    /// <returns>The header; null where the file is something else.</returns>
    /// <exception cref="InputException">It is of another version, has impossible sizes, or another length than they give.</exception>
    public static LlamaHeader? Recognise(ReadOnlySpan<byte> head, ArchiveFile file)
    {
        if (head.Length < FieldBytes)
        {
            return null;
        }

        LlamaHeader header;
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic)
        {
            header = Read(head, version: 0, FieldBytes, isTied: BinaryPrimitives.ReadInt32LittleEndian(head[20..]) > 0);
            if (!header.IsPossible())
            {
                return null;
            }
        }
        else
        {
            int version = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            if (version != 1)
            {
                string kind = version == 2 ? "whose weights are quantised" : "which is not known";
                throw new InputException($"{file.Path} is of version {version} of llama2.c, {kind}; export it as version 1.");
            }

            if (head.Length < HeadBytesOfVersion1)
            {
                throw new InputException($"{file.Path} is a .bin of llama2.c that ends within its header; write or copy it again.");
            }

            header = Read(head[8..], version, HeadBytesOfVersion1, isTied: head[8 + FieldBytes] != 0);
            if (!header.IsPossible())
            {
                throw new InputException($"{file.Path} is a .bin of llama2.c whose header has impossible sizes; write or copy it again.");
            }
        }

        Int128 expected = header.Bytes + (header.Elements * sizeof(float));
        return expected == file.Length
            ? header
            : throw new InputException(
                $"{file.Path} begins like a .bin of llama2.c of version {header.Version}, whose sizes ask for {expected} bytes, and has "
                    + $"{file.Length}; write or copy it again."
            );
    }

    private static LlamaHeader Read(ReadOnlySpan<byte> fields, int version, int bytes, bool isTied)
    {
        int vocabulary = Field(fields, 5);

        // Version 0 says with the sign that the unembedding is one of its own.
        return new LlamaHeader(
            version,
            bytes,
            Field(fields, 0),
            Field(fields, 1),
            Field(fields, 2),
            Field(fields, 3),
            Field(fields, 4),
            version == 0 && vocabulary > int.MinValue ? Math.Abs(vocabulary) : vocabulary,
            Field(fields, 6),
            isTied
        );
    }

    private static int Field(ReadOnlySpan<byte> fields, int index) => BinaryPrimitives.ReadInt32LittleEndian(fields[(4 * index)..]);

    private bool IsPossible() =>
        IsSize(Width)
        && IsSize(HiddenWidth)
        && Layers is > 0 and <= MostLayers
        && IsSize(Heads)
        && IsSize(KeyHeads)
        && IsSize(Vocabulary)
        && IsSize(Context)
        && Width % Heads == 0
        && Width / Heads % 2 == 0
        && Heads % KeyHeads == 0;

    private static bool IsSize(int value) => value is > 0 and <= MostOfAnything;
}

using System.Text;

namespace Curie.Numerics.Files;

/// <summary>What stands in files that should hold a model, its configuration or its tokenizer, and came from somewhere else.</summary>
public static class ForeignContent
{
    /// <summary>The rest of a sentence that begins with the file's name; null where nothing foreign is recognised.</summary>
    /// <param name="head">The first bytes of the file.</param>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return "is empty; write or copy it again.";
        }

        if (head.StartsWith("version https://git-lfs.github.com/spec/"u8))
        {
            return "is a Git LFS pointer, not the file itself; run `git lfs pull`.";
        }

        ReadOnlySpan<byte> text = head.TrimStart(" \t\r\n\uFEFF"u8);
        if (StartsWithWord(text, "<!doctype") || StartsWithWord(text, "<html") || StartsWithWord(text, "<?xml"))
        {
            return "is a web page, not a file of a model; download the file itself.";
        }

        if (head.StartsWith("GGUF"u8))
        {
            return "is a GGUF file, which is not read; give the files that it was made from, such as safetensors.";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
        {
            return "is an HDF5 file, which is not read; save the weights as safetensors.";
        }

        return head.Length > 262 && head[257..].StartsWith("ustar"u8)
            ? "is a tar archive, which is not read; unpack it, or save a checkpoint with PyTorch 1.6 or later again."
            : null;
    }

    private static bool StartsWithWord(ReadOnlySpan<byte> text, string word) =>
        text.Length >= word.Length && Encoding.Latin1.GetString(text[..word.Length]).Equals(word, StringComparison.OrdinalIgnoreCase);
}

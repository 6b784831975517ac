using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>Which file of a folder holds the model.</summary>
internal static class ArchiveFolder
{
    // In the order in which they are looked for; Hugging Face prefers safetensors in the same way.
    private static readonly string[] Names =
    [
        "model.safetensors",
        "model.safetensors.index.json",
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
        "model.pth",
        "model.pt",
        "model.bin",
        "ckpt.pt",
        "checkpoint.pt",
        "checkpoint.pth",
    ];

    /// <summary>Extensions of files that hold a model.</summary>
    private static readonly string[] Extensions = [".safetensors", ".pth", ".pt"];

    /// <summary>Whether a folder holds a file under a usual name.</summary>
    public static bool HasUsual(string folder) => Array.Exists(Names, name => File.Exists(Path.Combine(folder, name)));

    /// <summary>Whether a file's name says that it holds a model.</summary>
    public static bool IsNamedLikeWeights(string file) =>
        Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) || Path.GetExtension(file) == ".bin";

    /// <summary>The file under a usual name, or the only one with a usual extension.</summary>
    /// <exception cref="InputException">There is none, or there are several.</exception>
    public static string Find(string folder)
    {
        if (Array.Find(Names, name => File.Exists(Path.Combine(folder, name))) is string usual)
        {
            return Path.Combine(folder, usual);
        }

        string[] others = Candidates(folder);
        return others.Length switch
        {
            1 => others[0],
            0 => throw new InputException(
                $"{folder} holds no model: there is none of {string.Join(", ", Names)} and no other *.safetensors, *.pth or *.pt; name the "
                    + "file itself."
            ),
            _ => throw new InputException(
                $"{folder} holds {others.Length} files that may be the model, {Path.GetFileName(others[0])} and "
                    + $"{Path.GetFileName(others[1])} among them; name the file itself."
            ),
        };
    }

    private static string[] Candidates(string folder)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles(folder)
                    .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveFile.Unreadable(folder, error);
        }
    }
}

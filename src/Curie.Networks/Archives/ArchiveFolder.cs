using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>Which file of a folder holds the model.</summary>
internal static partial class ArchiveFolder
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
        RefuseShards(folder);
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

    /// <summary>Refuses the parts of one model, <c>model-00001-of-00002.safetensors</c>, whose index is missing.</summary>
    private static void RefuseShards(string folder)
    {
        string[] shards = [.. Files(folder).Where(file => Shard().IsMatch(Path.GetFileName(file)))];
        if (shards.Length > 0)
        {
            Match match = Shard().Match(Path.GetFileName(shards[0]));
            string index = $"{match.Groups["stem"].Value}{match.Groups["extension"].Value}.index.json";
            throw new InputException(
                $"{folder} holds {Counted.Of(shards.Length, "file")} of a model in {match.Groups["all"].ValueSpan.TrimStart('0')}, and "
                    + $"{index}, which says which tensor is in which, is missing; copy it there too."
            );
        }
    }

    [GeneratedRegex("^(?<stem>.+)-[0-9]{5}-of-(?!00001)(?<all>[0-9]{5})(?<extension>\\.safetensors|\\.bin)$")]
    private static partial Regex Shard();

    private static string[] Candidates(string folder) =>
        [.. Files(folder).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))];

    private static string[] Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveFile.Unreadable(folder, error);
        }
    }
}

using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Finds out what kind of source a path is.</summary>
public static class CorpusSource
{
    /// <summary>The source at a path: a folder of text files, JSON Lines (<c>.jsonl</c>, <c>.jsonl.gz</c>), or a text file.</summary>
    /// <exception cref="InputException">There is no such file or folder.</exception>
    public static ICorpusSource Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            return new FolderSource(path);
        }

        if (!File.Exists(path))
        {
            throw new InputException($"{path} does not exist; check the path.");
        }

        return path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase)
            ? new JsonLinesSource(path)
            : new TextFileSource(path);
    }
}

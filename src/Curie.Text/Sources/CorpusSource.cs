using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Finds out what kind of source a path is.</summary>
public static class CorpusSource
{
    /// <summary>The source at a path: a file of text, or a folder of them.</summary>
    /// <param name="path">The path.</param>
    /// <param name="reading">How text lies in the files; null is <see cref="TextReading"/>'s defaults.</param>
    /// <exception cref="InputException">There is no such file or folder.</exception>
    public static ICorpusSource Open(string path, TextReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            return new FolderSource(path, reading: reading);
        }

        if (!File.Exists(path))
        {
            throw new InputException($"{path} does not exist; check the path.");
        }

        return new TextFileSource(path, reading: reading);
    }
}

using Curie.Numerics;

namespace Curie.Studies.Folders;

/// <summary>A single file that a command will write.</summary>
public static class OutputFile
{
    /// <summary>
    /// Checks, before any work, that the file may be written: its folder exists and can be written, and nothing is replaced unasked.
    /// </summary>
    /// <exception cref="InputException">It may not.</exception>
    public static void Prepare(string path, bool overwrite)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new InputException($"{path} is a folder where a file is to be written; name a file inside it.");
        }

        if (File.Exists(full) && !overwrite)
        {
            throw new InputException($"{path} exists already; give `overwrite` to replace it, or another name.");
        }

        OutputFolder.RequireWritable(Path.GetDirectoryName(full)!);
    }
}

using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Studies.Folders;

/// <summary>A single file that a command will write.</summary>
public static class OutputFile
{
    /// <summary>
    /// Checks, before any work, that the file may be written: its folder exists and can be written, nothing is replaced unasked, and what
    /// is read is never replaced. A pipe or a device is written into, so that nothing is asked for it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether a regular file that is there may be replaced.</param>
    /// <param name="inputs">The files and folders that are read to make it.</param>
    /// <exception cref="InputException">It may not.</exception>
    public static void Prepare(string path, bool overwrite, params IEnumerable<string> inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(inputs);
        if (Directory.Exists(path))
        {
            throw new InputException($"{path} is a folder where a file is to be written; name a file inside it.");
        }

        if (OutputPlace.IsStream(path))
        {
            return;
        }

        string real = OutputPlace.Real(path);
        if (InputFiles.Of(inputs).Contains(real))
        {
            throw new InputException($"{path} is read to make what is to be written there, and would be lost; name another file.");
        }

        if (File.Exists(real) && !overwrite)
        {
            throw new InputException($"{path} exists already; give `overwrite` to replace it, or another name.");
        }

        OutputFolder.RequireWritable(Path.GetDirectoryName(real)!);
    }
}

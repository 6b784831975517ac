using System.Globalization;
using System.Text;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Networks.Training;

/// <summary>
/// A CSV file with one line per step, <c>step,loss</c>, 9 significant digits: enough to give back every float32. Lines are appended as
/// training goes on; a resumed run first cuts off the lines behind the step that it continues from.
/// </summary>
public sealed class LossLog : IDisposable
{
    private const string Header = "step,loss";
    private readonly string _path;
    private readonly FileStream _stream;

    /// <summary>Opens the log, keeping the lines of steps before <paramref name="step"/>.</summary>
    /// <exception cref="InputException">The file cannot be read or written, or lacks lines that should be there.</exception>
    public LossLog(string path, int step)
    {
        _path = path;
        string[] kept = step > 0 ? Keep(path, step) : [];
        AtomicFile.WriteAllText(path, string.Concat(kept.Prepend(Header).Select(line => line + "\n")));
        _stream = Guard(path, () => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Appends one line.</summary>
    /// <exception cref="InputException">The disk is full or the file went away.</exception>
    public void Write(int step, double loss)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{step},{loss:G9}\n");
        Guard(_path, () =>
        {
            _stream.Write(Encoding.ASCII.GetBytes(line));
            return true;
        });
    }

    /// <summary>Brings every line to the disk.</summary>
    /// <exception cref="InputException">The disk is full or the file went away.</exception>
    public void Flush() => Guard(_path, () =>
        {
            _stream.Flush(flushToDisk: true);
            return true;
        });

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static string[] Keep(string path, int step)
    {
        List<string> kept = [];
        foreach (string line in Guard(path, () => File.ReadAllLines(path)).Skip(1))
        {
            int comma = line.IndexOf(',', StringComparison.Ordinal);
            if (comma > 0 && int.TryParse(line.AsSpan(0, comma), NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < step)
            {
                kept.Add(line);
            }
        }

        return [.. kept];
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {path}: {error.Message} Check that the folder is writable and has free space.", error);
        }
    }
}

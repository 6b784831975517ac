using System.Text;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Sampling.Chains;

/// <summary>
/// A file from which stopped sampling continues: what is needed to go on while it is in progress, or what it left behind once it is
/// finished. It carries the fingerprint of its run.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">Identifies configuration, model and data.</param>
public sealed class StateFile(string path, string fingerprint)
{
    private const byte InProgress = 1;
    private const byte Finished = 2;

    /// <summary>The file of a component of a run, or of a range of its chains.</summary>
    /// <param name="folder">The folder of states.</param>
    /// <param name="component">The component's name.</param>
    /// <param name="range">The chains.</param>
    /// <param name="chains">The number of all chains.</param>
    public static string Name(string folder, string component, ChainRange range, int chains) =>
        Path.Combine(folder, range.Count == chains ? $"{component}.state" : $"{component}.{range.First}-{range.End - 1}.state");

    /// <summary>Saves work in progress, in place of what was saved before.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void SaveProgress(Action<Stream> write) => Save(InProgress, write);

    /// <summary>Saves what finished work left behind, in place of what was saved before.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void SaveResult(Action<Stream> write) => Save(Finished, write);

    /// <summary>Reads work in progress.</summary>
    /// <returns>Null if there is none, or if it is finished.</returns>
    /// <exception cref="InputException">The file is damaged or another run's.</exception>
    public T? ReadProgress<T>(Func<Stream, T> read)
        where T : class => Read(InProgress, read);

    /// <summary>Reads what finished work left behind.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InputException">The file is damaged or another run's.</exception>
    public T? ReadResult<T>(Func<Stream, T> read)
        where T : class => Read(Finished, read);

    private void Save(byte kind, Action<Stream> write) => AtomicFile.Write(path, stream =>
        {
            using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(fingerprint);
                writer.Write(kind);
            }

            write(stream);
        });

    private T? Read<T>(byte kind, Func<Stream, T> read)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = InputFile.Open(path);
            using BinaryReader reader = new(stream);
            if (reader.ReadString() != fingerprint)
            {
                throw new InputException(
                    $"{path}: this state was saved by a run with another configuration, model or data; resume with the same ones, or "
                        + "start over with `overwrite`."
                );
            }

            return reader.ReadByte() == kind ? read(stream) : null;
        }
        catch (Exception error)
            when (error is IOException or InvalidDataException or ArgumentException or FormatException or OverflowException)
        {
            throw new InputException(
                $"{path}: the saved state is damaged ({error.Message.TrimEnd('.')}); delete it to sample this component again, then "
                    + "resume.",
                error
            );
        }
    }
}

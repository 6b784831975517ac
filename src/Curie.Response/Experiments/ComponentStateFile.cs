using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Sampling.Chains;

namespace Curie.Response.Experiments;

/// <summary>
/// The file from which a stopped run continues a component: the chains and, while it is being sampled, the sums of each pair; once it is
/// finished, the sums over its healthy pairs.
/// </summary>
internal sealed class ComponentStateFile(string path, string fingerprint)
{
    private const byte InProgress = 1;
    private const byte Finished = 2;

    /// <summary>Whether there is something to continue.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Saves a component, in progress at a completed draw or finished.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(ComponentRun run, ComponentInProgress component) => AtomicFile.Write(path, stream =>
        {
            using (BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(fingerprint);
                writer.Write(component.Finished ? Finished : InProgress);
            }

            run.Save().Write(stream);
            component.SaveSums(stream);
        });

    /// <summary>Continues a component: restores either the sums of every pair or the finished ones.</summary>
    /// <returns>Where the chains stand, and whether the component is finished.</returns>
    /// <exception cref="InputException">The file is damaged or another run's.</exception>
    public (ComponentRunState State, bool Finished) Restore(ComponentInProgress component)
    {
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

            bool finished = reader.ReadByte() == Finished;
            ComponentRunState state = ComponentRunState.Read(stream);
            component.RestoreSums(stream, finished);
            return (state, finished);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or ArgumentException or FormatException)
        {
            throw new InputException(
                $"{path}: the saved state is damaged ({error.Message.TrimEnd('.')}); delete it to sample this component again, then "
                    + "resume.",
                error
            );
        }
    }
}

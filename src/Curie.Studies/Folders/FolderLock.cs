using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Studies.Folders;

/// <summary>
/// That nobody else writes a folder. The operating system's lock on <c>.curie-lock</c> decides, and ends with its process, however that
/// ends; <c>.curie-owner</c> says whose it is, for the message to others.
/// </summary>
/// <remarks>
/// The lock file stays: if it were deleted, one process could hold the old file and another a new one. Where the file system has no locks,
/// the owner's file alone decides, and that of a process which was killed stays until somebody deletes it.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The file that says whose the folder is.</summary>
    public const string OwnerName = ".curie-owner";

    /// <summary>The file that is locked.</summary>
    public const string LockName = ".curie-lock";
    private readonly FileStream _file;
    private readonly string _owner;

    private FolderLock(FileStream file, string owner)
    {
        _file = file;
        _owner = owner;
    }

    /// <summary>Takes the folder, which exists.</summary>
    /// <exception cref="InputException">Somebody else has it, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, LockName);
        string owner = Path.Combine(folder, OwnerName);
        FileStream file = Open(path) ?? throw Taken(folder, owner);
        try
        {
            if (!IsExclusive(path) && File.Exists(owner))
            {
                throw new InputException(
                    $"{folder} may be in use by {Holder(owner)}, and its file system has no locks that would tell; if that process has "
                        + $"ended, delete {owner}, otherwise name another folder."
                );
            }

            AtomicFile.WriteAllText(owner, $"process {Environment.ProcessId} on {Environment.MachineName}\n");
            return new FolderLock(file, owner);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_owner);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It says who had the folder last; the lock decides.
        }

        _file.Dispose();
    }

    /// <summary>The locked file; null if somebody else has locked it.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException($"cannot write {path}: {error.Message} Check the folder's permissions.", error);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether a lock keeps others out: a second one must fail.</summary>
    private static bool IsExclusive(string path)
    {
        using FileStream? second = Open(path);
        return second is null;
    }

    private static FolderInUseException Taken(string folder, string owner) =>
        new($"{folder} is being written by {Holder(owner)}; wait until it has ended, or name another folder.");

    private static string Holder(string owner)
    {
        try
        {
            return File.ReadAllText(owner).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Studies.Folders;

/// <summary>
/// That nobody else writes a folder. The operating system's lock on <c>.curie-lock</c> decides, and ends with its process, however that
/// ends; <c>.curie-owner</c> says whose it is, for the message to others.
/// </summary>
/// <remarks>
/// The lock file stays: if it were deleted, one process could hold the old file and another a new one. Where the file system has no locks,
/// the owner's file alone decides, and that of a process which was killed stays until somebody takes the folder over.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The file that says whose the folder is.</summary>
    public const string OwnerName = ".curie-owner";

    /// <summary>The file that is locked.</summary>
    public const string LockName = ".curie-lock";

    /// <summary>What .NET calls a file that somebody else has locked: EAGAIN of Linux and of macOS, Windows' sharing violation.</summary>
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

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
            string me = $"process {Environment.ProcessId} on {Environment.MachineName}\n";
            if (IsExclusive(path))
            {
                AtomicFile.WriteAllText(owner, me);
            }
            else
            {
                Claim(folder, owner, me);
            }

            return new FolderLock(file, owner);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Forgets whose a folder is, who has ended: done where the file system has no locks that would tell. Where it has, they decide, and
    /// nothing is done.
    /// </summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Forget(string folder)
    {
        string path = Path.Combine(folder, LockName);
        string owner = Path.Combine(folder, OwnerName);
        using FileStream? file = File.Exists(owner) ? Open(path) : null;
        if (file is null || IsExclusive(path))
        {
            return;
        }

        try
        {
            File.Delete(owner);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot delete {owner}: {error.Message} Check the folder's permissions.", error);
        }
    }

    /// <summary>Whether a process has a folder; null where that cannot be told, as the file system has no locks.</summary>
    public static bool? IsTaken(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            // Readers share their lock, which keeps a writer out as any other does.
            using FileStream? reader = Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return reader is null ? true
                : IsExclusive(path) ? false
                : null;
        }
        catch (InputException)
        {
            return null;
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
    /// <exception cref="InputException">It cannot be opened for another reason.</exception>
    private static FileStream? Open(
        string path,
        FileMode mode = FileMode.OpenOrCreate,
        FileAccess access = FileAccess.ReadWrite,
        FileShare share = FileShare.None
    )
    {
        try
        {
            return new FileStream(path, mode, access, share, bufferSize: 1);
        }
        catch (IOException error) when (Held.Contains(error.HResult))
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {path}: {error.Message} Check the folder's permissions, and its disk.", error);
        }
    }

    /// <summary>Enters the owner where nothing but its file decides: only one process can make it.</summary>
    private static void Claim(string folder, string owner, string me)
    {
        try
        {
            using StreamWriter file = new(new FileStream(owner, FileMode.CreateNew, FileAccess.Write));
            file.Write(me);
        }
        catch (IOException) when (File.Exists(owner))
        {
            throw new InputException(
                $"{folder} may be in use by {Holder(owner)}, and its file system has no locks that would tell; if that process has "
                    + "ended, give `take over`, otherwise name another folder."
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {owner}: {error.Message} Check the folder's permissions, and its disk.", error);
        }
    }

    /// <summary>Whether a lock keeps others out: a second one must fail, and it must reach other machines where the folder does.</summary>
    private static bool IsExclusive(string path)
    {
        using FileStream? second = Open(path);
        return second is null && !LockReach.IsLocalAlone(Path.GetDirectoryName(path)!);
    }

    private static FolderInUseException Taken(string folder, string owner) =>
        new($"{folder} is being written by {Holder(owner)}; wait until it has ended, or name another folder.");

    private static string Holder(string owner)
    {
        try
        {
            return File.ReadAllText(owner).Trim() is { Length: > 0 } holder ? holder : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

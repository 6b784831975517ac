using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Studies.Folders;

/// <summary>What to do with a folder that holds an earlier run.</summary>
public enum ExistingRun
{
    /// <summary>Refuse it.</summary>
    Refuse,

    /// <summary>Continue it.</summary>
    Resume,

    /// <summary>Delete the files that Curie wrote, and start.</summary>
    Overwrite,
}

/// <summary>
/// The folder of a run. Every file is entered in the ledger <c>.curie-files</c> before it is written, so that --overwrite deletes what
/// Curie wrote, also after a crash, and nothing else. From when it is opened until it is disposed, no other process can open it.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    private const string Ledger = ".curie-files";
    private const string WriteCheck = ".curie-write-check-";
    private readonly FolderLock _lock;
    private readonly HashSet<string> _files;

    private OutputFolder(string path, FolderLock taken, HashSet<string> files, bool isResumed)
    {
        Path = path;
        _lock = taken;
        _files = files;
        IsResumed = isResumed;
    }

    /// <summary>The names of the files by which a folder is kept.</summary>
    internal static IReadOnlyList<string> OwnFiles { get; } = [Ledger, FolderLock.LockName, FolderLock.OwnerName];

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether an earlier run is there to be continued.</summary>
    public bool IsResumed { get; }

    /// <summary>Opens the folder, making it if need be, and checks that it can be written before any work is done.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="existing">What to do with an earlier run.</param>
    /// <param name="canResume">Whether the caller could continue one, so that this is worth advising.</param>
    /// <param name="inputs">The files and folders that are read to make what is to be written.</param>
    /// <exception cref="InputException">
    /// The folder holds a run and neither --resume nor --overwrite was given, holds files that are not Curie's, is being written by another
    /// process, or cannot be written; or what is to be replaced is among the inputs.
    /// </exception>
    public static OutputFolder Open(string path, ExistingRun existing, bool canResume = true, IReadOnlyList<string>? inputs = null)
    {
        CheckPlace(path);
        FolderLock taken = FolderLock.Take(path);
        try
        {
            CheckInputs(path, existing, inputs ?? []);
            return OpenTaken(path, taken, existing, canResume);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a folder can be opened, and makes it if need be; what it holds is left as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="existing">What to do with an earlier run.</param>
    /// <param name="canResume">As of <see cref="Open"/>.</param>
    /// <param name="inputs">As of <see cref="Open"/>.</param>
    /// <exception cref="InputException">As <see cref="Open"/>.</exception>
    public static void Check(string path, ExistingRun existing, bool canResume = true, IReadOnlyList<string>? inputs = null)
    {
        CheckPlace(path);
        CheckInputs(path, existing, inputs ?? []);
        CheckRun(path, existing, canResume);
    }

    /// <summary>
    /// Takes a folder, and the folders in it, over from processes that have ended: needed where the file system has no locks that would
    /// tell. Where it has, they decide as ever, and nothing is done.
    /// </summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void TakeOver(string path)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        foreach (string owner in Directory.GetFiles(path, FolderLock.OwnerName, SearchOption.AllDirectories))
        {
            FolderLock.Forget(System.IO.Path.GetDirectoryName(owner)!);
        }
    }

    /// <summary>Whether a process has a folder; null where that cannot be told, as the file system has no locks.</summary>
    public static bool? IsInUse(string path) => FolderLock.IsTaken(path);

    /// <summary>Checks that a folder, if it is there, holds no run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="canResume">As of <see cref="Open"/>.</param>
    /// <exception cref="InputException">It does.</exception>
    public static void RequireFree(string path, bool canResume = true)
    {
        if (File.Exists(System.IO.Path.Combine(path, Ledger)))
        {
            throw new InputException(
                canResume
                    ? $"{path} holds a run already; give `resume` to continue it, `overwrite` to replace it, or name another folder."
                    : $"{path} holds files of an earlier run already; give `overwrite` to replace them, or name another folder."
            );
        }
    }

    /// <summary>
    /// The full path of a file to be written, e.g. <c>checkpoint-10/config.json</c>; makes its folder and enters it in the ledger.
    /// </summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public string FilePath(string relative)
    {
        string full = System.IO.Path.Combine(Path, relative);
        Create(System.IO.Path.GetDirectoryName(full)!);
        Enter([relative]);
        return full;
    }

    /// <summary>Enters files in the ledger that somebody else is about to write; not all of them need ever exist.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Enter(IEnumerable<string> relatives)
    {
        int before = _files.Count;
        _files.UnionWith(relatives);
        if (_files.Count > before)
        {
            SaveLedger();
        }
    }

    /// <summary>Lets other processes open the folder.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Checks that a folder exists and that a file can be made in it.</summary>
    /// <exception cref="InputException">It does not or cannot.</exception>
    public static void RequireWritable(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"the folder {folder} does not exist; make it or name another.");
        }

        string file = System.IO.Path.Combine(folder, $"{WriteCheck}{Environment.ProcessId}");
        AtomicFile.Write(file, _ => { });
        File.Delete(file);
    }

    private static OutputFolder OpenTaken(string path, FolderLock taken, ExistingRun existing, bool canResume)
    {
        CheckRun(path, existing, canResume);
        bool isRun = File.Exists(System.IO.Path.Combine(path, Ledger));
        HashSet<string> files = isRun ? [.. ReadLedger(path)] : [];
        DeletePartialFiles(path, [.. files, Ledger, FolderLock.OwnerName]);
        if (isRun && existing == ExistingRun.Overwrite)
        {
            DeleteInside(path, files);
            Delete(path, files);
            files.Clear();
        }

        OutputFolder folder = new(path, taken, files, isRun && existing == ExistingRun.Resume);
        folder.SaveLedger();
        return folder;
    }

    private static void CheckPlace(string path)
    {
        if (File.Exists(path))
        {
            throw new InputException($"{path} is a file where a folder is needed; name another.");
        }

        bool isRun = File.Exists(System.IO.Path.Combine(path, Ledger));
        if (Directory.Exists(path) && !isRun && Directory.EnumerateFileSystemEntries(path).Any(IsForeign))
        {
            throw new InputException($"{path} holds files that Curie did not write; name an empty or a new folder.");
        }

        Create(path);
        RequireWritable(path);
    }

    /// <summary>The full paths of the files that Curie wrote, or meant to write, into a folder; null where it holds no run.</summary>
    internal static IEnumerable<string>? FilesOfRun(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, Ledger)) ? Inside(folder, ReadLedger(folder)) : null;

    /// <summary>Refuses to delete a run that something is read of.</summary>
    private static void CheckInputs(string path, ExistingRun existing, IReadOnlyList<string> inputs)
    {
        if (existing != ExistingRun.Overwrite || FilesOfRun(path) is not { } files)
        {
            return;
        }

        HashSet<string> read = InputFiles.Of(inputs);
        if (files.FirstOrDefault(file => File.Exists(file) && read.Contains(OutputPlace.Real(file))) is { } lost)
        {
            throw new InputException(
                $"{lost} is read to make what is to be written into {path}, and would be lost with what is there; name another folder."
            );
        }
    }

    private static string[] ReadLedger(string folder) => File.ReadAllLines(System.IO.Path.Combine(folder, Ledger));

    private static void CheckRun(string path, ExistingRun existing, bool canResume)
    {
        if (existing == ExistingRun.Refuse)
        {
            RequireFree(path, canResume);
        }

        Array.ForEach(Directory.GetFiles(path, WriteCheck + "*"), File.Delete);
    }

    /// <summary>A process that was killed before its ledger was complete leaves only files of these names behind.</summary>
    private static bool IsForeign(string entry) => !System.IO.Path.GetFileName(entry).StartsWith(".curie-", StringComparison.Ordinal);

    /// <summary>Deletes what a process that was killed while it wrote one of the files left of it.</summary>
    private static void DeletePartialFiles(string root, IEnumerable<string> files)
    {
        foreach (string full in Inside(root, files))
        {
            string folder = System.IO.Path.GetDirectoryName(full)!;
            if (Directory.Exists(folder))
            {
                Array.ForEach(Directory.GetFiles(folder, $"{System.IO.Path.GetFileName(full)}.*.partial"), File.Delete);
            }
        }
    }

    /// <summary>The full paths of the files that lie in the folder: a ledger that was edited must not reach out of it.</summary>
    private static IEnumerable<string> Inside(string root, IEnumerable<string> files)
    {
        string inside = Prefix(root);
        return files
            .Select(file => System.IO.Path.GetFullPath(System.IO.Path.Combine(root, file)))
            .Where(full => full.StartsWith(inside, StringComparison.Ordinal));
    }

    private static string Prefix(string root) =>
        System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root)) + System.IO.Path.DirectorySeparatorChar;

    private static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot make the folder {folder}: {error.Message} Check the path and its permissions.", error);
        }
    }

    /// <summary>
    /// Deletes what was written into folders inside that have a ledger of their own, as those of shards, unless a process is writing there.
    /// </summary>
    private static void DeleteInside(string root, IEnumerable<string> files)
    {
        string[] folders =
        [
            .. Inside(root, files.Where(file => System.IO.Path.GetFileName(file) == Ledger))
                .Where(File.Exists)
                .Select(file => System.IO.Path.GetDirectoryName(file)!),
        ];
        List<FolderLock> locks = [];
        try
        {
            // All are taken before anything is deleted.
            locks.AddRange(folders.Select(FolderLock.Take));
            foreach (string folder in folders)
            {
                Delete(folder, ReadLedger(folder));
            }
        }
        finally
        {
            locks.ForEach(taken => taken.Dispose());
        }
    }

    private static void Delete(string root, IEnumerable<string> files)
    {
        string inside = Prefix(root);
        foreach (string full in Inside(root, files).Where(File.Exists))
        {
            File.Delete(full);
            for (
                string folder = System.IO.Path.GetDirectoryName(full)!;
                folder.StartsWith(inside, StringComparison.Ordinal) && !Directory.EnumerateFileSystemEntries(folder).Any();
                folder = System.IO.Path.GetDirectoryName(folder)!
            )
            {
                Directory.Delete(folder);
            }
        }
    }

    private void SaveLedger() =>
        AtomicFile.WriteAllText(
            System.IO.Path.Combine(Path, Ledger),
            string.Concat(_files.Order(StringComparer.Ordinal).Select(file => file + "\n"))
        );
}

using Curie.Numerics;
using Curie.Studies.Folders;
using Curie.Tests;

namespace Curie.Studies.Tests.Folders;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Run => _temporary.File("run");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_new_folder_is_made_and_is_not_resumed()
    {
        using OutputFolder folder = OutputFolder.Open(Run, ExistingRun.Resume);
        Assert.False(folder.IsResumed);
        Assert.Equal(Path.Combine(Run, "a", "b.txt"), folder.FilePath("a/b.txt").Replace('/', Path.DirectorySeparatorChar));
        Assert.True(Directory.Exists(Path.Combine(Run, "a")));
    }

    [Fact]
    public void A_run_is_refused_unless_it_is_resumed_or_overwritten()
    {
        using (OutputFolder folder = OutputFolder.Open(Run, ExistingRun.Refuse))
        {
            File.WriteAllText(folder.FilePath("a/b.txt"), "1");
        }

        AssertRefused(Run, "holds a run already; give `resume` to continue it, `overwrite` to replace it");
        string other = Assert.Throws<InputException>(() => OutputFolder.Open(Run, ExistingRun.Refuse, canResume: false)).Message;
        Assert.Equal($"{Run} holds files of an earlier run already; give `overwrite` to replace them, or name another folder.", other);
        using OutputFolder again = OutputFolder.Open(Run, ExistingRun.Resume);
        Assert.True(again.IsResumed);
        Assert.True(File.Exists(Path.Combine(Run, "a", "b.txt")));
    }

    [Fact]
    public void Overwriting_deletes_what_Curie_wrote_and_nothing_else()
    {
        using (OutputFolder folder = OutputFolder.Open(Run, ExistingRun.Refuse))
        {
            File.WriteAllText(folder.FilePath("a/b.txt"), "1");
            File.WriteAllText(folder.FilePath("c/d.txt"), "1");
            folder.Enter(["never-written.txt", "e/f.txt"]);
        }

        File.WriteAllText(Path.Combine(Run, "c", "notes.txt"), "mine");

        using OutputFolder again = OutputFolder.Open(Run, ExistingRun.Overwrite);
        Assert.False(again.IsResumed);
        Assert.Equal([Path.Combine(Run, "c", "notes.txt")], Directory.GetFiles(Run, "*.txt", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.Combine(Run, "a")));
    }

    [Fact]
    public void An_edited_ledger_cannot_reach_out_of_its_folder()
    {
        OutputFolder.Open(Run, ExistingRun.Refuse).Dispose();
        File.WriteAllText(_temporary.File("precious.txt"), "mine");
        File.WriteAllText(_temporary.File("precious.txt.7.partial"), "mine");
        File.WriteAllLines(Path.Combine(Run, ".curie-files"), ["../precious.txt", _temporary.File("precious.txt"), "", "."]);

        OutputFolder.Open(Run, ExistingRun.Overwrite).Dispose();
        Assert.True(File.Exists(_temporary.File("precious.txt")));
        Assert.True(File.Exists(_temporary.File("precious.txt.7.partial")));
    }

    [Theory]
    [InlineData((int)ExistingRun.Refuse)]
    [InlineData((int)ExistingRun.Resume)]
    [InlineData((int)ExistingRun.Overwrite)]
    public void A_folder_of_somebody_elses_files_is_refused(int existing)
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, "thesis.tex"), "mine");
        AssertRefused(Run, "holds files that Curie did not write", (ExistingRun)existing);
        Assert.True(File.Exists(Path.Combine(Run, "thesis.tex")));
    }

    [Fact]
    public void What_a_killed_process_left_of_its_write_check_is_removed()
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, ".curie-write-check-77.77.partial"), "");

        File.WriteAllText(Path.Combine(Run, ".curie-owner.77.partial"), "");

        OutputFolder.Open(Run, ExistingRun.Resume).Dispose();

        Assert.Equal([".curie-files", ".curie-lock"], Directory.GetFiles(Run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData((int)ExistingRun.Refuse)]
    [InlineData((int)ExistingRun.Resume)]
    [InlineData((int)ExistingRun.Overwrite)]
    public void A_folder_that_is_being_written_is_refused_with_who_writes_it(int existing)
    {
        using (OutputFolder folder = OutputFolder.Open(Run, ExistingRun.Refuse))
        {
            File.WriteAllText(folder.FilePath("a.txt"), "1");
            AssertRefused(
                Run,
                $"is being written by process {Environment.ProcessId} on {Environment.MachineName}; wait until it has ended",
                (ExistingRun)existing
            );
            Assert.Equal("1", File.ReadAllText(folder.FilePath("a.txt")));
        }

        OutputFolder.Open(Run, ExistingRun.Resume).Dispose();
    }

    [Fact]
    public void The_owner_that_a_killed_process_left_does_not_keep_others_out()
    {
        OutputFolder.Open(Run, ExistingRun.Refuse).Dispose();
        File.WriteAllText(Path.Combine(Run, ".curie-owner"), "process 1 on elsewhere");
        using OutputFolder folder = OutputFolder.Open(Run, ExistingRun.Resume);
        Assert.True(folder.IsResumed);
    }

    // A lock file that cannot be opened was taken for one that somebody else has locked.
    [Fact]
    public void A_lock_file_that_cannot_be_opened_is_not_taken_for_a_folder_in_use()
    {
        Directory.CreateDirectory(Run);
        File.CreateSymbolicLink(Path.Combine(Run, ".curie-lock"), ".curie-lock");
        InputException error = Assert.Throws<InputException>(() => OutputFolder.Open(Run, ExistingRun.Refuse));
        Assert.Contains("cannot write", error.Message, StringComparison.Ordinal);
        Assert.Null(OutputFolder.IsInUse(Run));
    }

    [Fact]
    public void Whether_a_folder_is_in_use_is_seen_without_taking_it()
    {
        Assert.False(OutputFolder.IsInUse(Run));
        using (OutputFolder.Open(Run, ExistingRun.Refuse))
        {
            Assert.True(OutputFolder.IsInUse(Run));
            OutputFolder.TakeOver(Run);
            Assert.Throws<FolderInUseException>(() => OutputFolder.Open(Run, ExistingRun.Resume));
        }

        Assert.False(OutputFolder.IsInUse(Run));
        OutputFolder.Open(Run, ExistingRun.Resume).Dispose();
    }

    [Fact]
    public void A_file_in_the_folders_place_is_refused()
    {
        File.WriteAllText(Run, "");
        AssertRefused(Run, "is a file where a folder is needed");
        AssertRefused(Path.Combine(Run, "inside"), "cannot make the folder");
    }

    [Fact]
    public void A_single_file_is_not_replaced_unasked()
    {
        OutputFile.Prepare(_temporary.File("a.npy"), overwrite: false);
        File.WriteAllText(_temporary.File("a.npy"), "");
        OutputFile.Prepare(_temporary.File("a.npy"), overwrite: true);

        Assert.Contains(
            "`overwrite`",
            Assert.Throws<InputException>(() => OutputFile.Prepare(_temporary.File("a.npy"), false)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is a folder",
            Assert.Throws<InputException>(() => OutputFile.Prepare(_temporary.Path, true)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "does not exist",
            Assert.Throws<InputException>(() => OutputFile.Prepare(_temporary.File("no/a.npy"), true)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_read_is_never_replaced_by_a_file()
    {
        Directory.CreateDirectory(_temporary.File("texts/inside"));
        Directory.CreateDirectory(_temporary.File("model"));
        foreach (string name in (string[])["corpus.jsonl", "texts/inside/a.txt", "model/config.json", "model/losses.npy"])
        {
            File.WriteAllText(_temporary.File(name), "{}");
        }

        File.CreateSymbolicLink(_temporary.File("link.jsonl"), _temporary.File("corpus.jsonl"));
        Directory.CreateSymbolicLink(_temporary.File("other"), _temporary.File("texts"));
        foreach (
            (string output, string input) in new[]
            {
                ("corpus.jsonl", "corpus.jsonl"),
                ("texts/../corpus.jsonl", "corpus.jsonl"),
                ("corpus.jsonl", "link.jsonl"),
                ("link.jsonl", "corpus.jsonl"),
                ("texts/inside/a.txt", "texts"),
                ("other/inside/a.txt", "texts/inside/a.txt"),
                ("model/config.json", "model"),
                ("model/config.json", "mod*"),
            }
        )
        {
            string message = Assert
                .Throws<InputException>(() => OutputFile.Prepare(_temporary.File(output), true, _temporary.File(input)))
                .Message;
            Assert.Contains("is read to make what is to be written there", message, StringComparison.Ordinal);
        }

        OutputFile.Prepare(_temporary.File("model/losses.npy"), true, _temporary.File("model"), _temporary.File("corpus.jsonl"));
        OutputFile.Prepare(_temporary.File("texts/new.npy"), false, _temporary.File("texts"), "-", "nowhere/*");
    }

    [Fact]
    public void A_folder_is_not_deleted_while_something_is_read_of_it()
    {
        using (OutputFolder folder = OutputFolder.Open(Run, ExistingRun.Refuse))
        {
            Directory.CreateDirectory(Path.Combine(Run, "checkpoint-1"));
            File.WriteAllText(folder.FilePath("checkpoint-1/config.json"), "{}");
            File.WriteAllText(folder.FilePath("train.npy"), "");
        }

        foreach (string input in (string[])["checkpoint-1", "train.npy", "checkpoint-*", ""])
        {
            string message = Assert
                .Throws<InputException>(() => OutputFolder.Open(Run, ExistingRun.Overwrite, inputs: [Path.Combine(Run, input)]))
                .Message;
            Assert.Contains("and would be lost with what is there", message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Path.Combine(Run, "train.npy")));
        using OutputFolder resumed = OutputFolder.Open(Run, ExistingRun.Resume, inputs: [Run]);
        Assert.True(resumed.IsResumed);
    }

    private static void AssertRefused(string path, string message, ExistingRun existing = ExistingRun.Refuse)
    {
        InputException error = Assert.ThrowsAny<InputException>(() => OutputFolder.Open(path, existing));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}

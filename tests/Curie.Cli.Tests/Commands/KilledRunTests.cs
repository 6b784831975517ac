using System.Diagnostics;
using Curie.Studies.Folders;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Cli.Tests.Commands;

/// <summary>Runs of the built program that are killed at random moments, resumed, and compared with one left alone.</summary>
public sealed class KilledRunTests
{
    private const int Kills = 6;

    [Fact]
    public void A_killed_susceptibility_run_resumes_to_the_same_bytes()
    {
        using ExperimentFolder experiment = new ExperimentFolder("3-attention-shortformer").With(
            ("noise_level: 0", "noise_level: 1"),
            ("draws: 12", "draws: 300"),
            ("chains: 1", "chains: 2"),
            ("localization: 10", "localization: 300")
        );
        string[] command = ["susceptibility", "--config", experiment.Config, "--save-every", "0", "--quiet", "--out"];
        AssertSameBytes(experiment.PathOf("whole"), experiment.PathOf("killed"), command);
    }

    [Fact]
    public void A_killed_training_run_resumes_to_the_same_bytes()
    {
        using TemporaryFolder folder = new();
        using TokenRows rows = RepeatedBlocks.Rows(count: 6, contextLength: 33, vocabularySize: 20, bosId: 0, seed: 1);
        rows.Save(folder.File("rows.npy"));
        string config = folder.File("train.yaml");
        File.WriteAllText(
            config,
            """
            model: {n_layers: 1, d_model: 16, n_heads: 2, d_head: 8, n_ctx: 33, d_vocab: 20, attn_only: true}
            data: rows.npy
            validation: rows.npy
            out: run
            steps: 3000
            batch_size: 4
            checkpoints: {log: 5, linear: 30}
            """
        );

        // The manifest names the run folder, which differs.
        AssertSameBytes(
            folder.File("whole"),
            folder.File("killed"),
            ["train", "--config", config, "--quiet", "--out"],
            except: "manifest.json"
        );
    }

    // Two runs in one folder mixed their checkpoints. The variable takes the system's locks away, as some network file systems do.
    [Theory]
    [InlineData("0", "is being written by process")]
    [InlineData("1", "may be in use by process")]
    public void A_folder_in_which_a_run_is_in_progress_is_refused(string withoutLocks, string refusal)
    {
        using TemporaryFolder folder = new();
        using TokenRows rows = RepeatedBlocks.Rows(count: 6, contextLength: 33, vocabularySize: 20, bosId: 0, seed: 1);
        rows.Save(folder.File("rows.npy"));
        File.WriteAllText(
            folder.File("train.yaml"),
            """
            model: {n_layers: 1, d_model: 16, n_heads: 2, d_head: 8, n_ctx: 33, d_vocab: 20, attn_only: true}
            data: rows.npy
            out: run
            steps: 1000000
            batch_size: 4
            checkpoints: {log: 5, linear: 2}
            """
        );
        string[] command = ["train", "--config", folder.File("train.yaml"), "--overwrite"];
        (string, string) variable = ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", withoutLocks);
        using Process first = BuiltProgram.Start(command, variable);
        string owner = folder.File("run/.curie-owner");
        while (!first.HasExited && !File.Exists(owner))
        {
            Thread.Sleep(2);
        }

        CommandRun second = BuiltProgram.Run(folder.Path, command, variable);
        bool running = !first.HasExited;
        first.Kill();
        first.WaitForExit();

        Assert.True(running, "the first run ended before the second was refused");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"{refusal} {first.Id} on {Environment.MachineName}", second.Error, StringComparison.Ordinal);
        Assert.Equal(withoutLocks == "1", second.Error.Contains("give --take-over", StringComparison.Ordinal));

        // What the killed run left of itself keeps others out only where there are no locks, and then until it is taken over.
        string[] next = withoutLocks == "1" ? [.. command, "--take-over"] : command;
        if (withoutLocks == "1")
        {
            Assert.Equal(1, BuiltProgram.Run(folder.Path, command, variable).ExitCode);
        }

        using Process third = BuiltProgram.Start(next, variable);
        while (!third.HasExited && !OwnerIs(third))
        {
            Thread.Sleep(2);
        }

        running = !third.HasExited;
        third.Kill();
        third.WaitForExit();
        Assert.True(running, "the folder was not taken over");

        bool OwnerIs(Process process) =>
            File.Exists(owner) && File.ReadAllText(owner).StartsWith($"process {process.Id} on", StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_locked_cannot_be_taken_over()
    {
        using TemporaryFolder folder = new();
        using OutputFolder mine = OutputFolder.Open(folder.File("run"), ExistingRun.Refuse);
        CommandRun other = BuiltProgram.Run(
            folder.Path,
            ["corpus", "build", "--source", "arithmetic", "--limit", "1K", "--out", "run", "--overwrite", "--take-over"]
        );
        Assert.Equal(1, other.ExitCode);
        Assert.Contains($"is being written by process {Environment.ProcessId} on", other.Error, StringComparison.Ordinal);
    }

    /// <summary>
    /// Waits for a process to write something, kills it up to half a second later, and goes on like that; the last process is left alone.
    /// </summary>
    private static void AssertSameBytes(string whole, string killed, string[] command, string? except = null)
    {
        using (Process process = BuiltProgram.Start([.. command, whole]))
        {
            Assert.Equal(0, End(process));
        }

        Random random = new(1);
        int interrupted = 0;
        for (int turn = 0; turn < Kills; turn++)
        {
            using Process process = BuiltProgram.Start([.. command, killed, "--resume"]);
            DateTime before = LastWrite(killed);
            while (!process.HasExited && LastWrite(killed) == before)
            {
                Thread.Sleep(2);
            }

            if (!process.WaitForExit(random.Next(500)))
            {
                process.Kill();
                interrupted++;
            }

            End(process);
        }

        using (Process process = BuiltProgram.Start([.. command, killed, "--resume"]))
        {
            Assert.Equal(0, End(process));
        }

        Assert.True(interrupted > 0, "every process ended before it could be killed");
        Assert.Equal(Files(whole), Files(killed));
        foreach (string file in Files(whole).Where(file => file != except))
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).SequenceEqual(File.ReadAllBytes(Path.Combine(killed, file))), file);
        }
    }

    private static int End(Process process)
    {
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", error);
        return process.ExitCode;
    }

    private static DateTime LastWrite(string folder)
    {
        DirectoryInfo directory = new(folder);
        return directory.Exists
            ? directory.EnumerateDirectories("*", SearchOption.AllDirectories).Append(directory).Max(entry => entry.LastWriteTimeUtc)
            : DateTime.MinValue;
    }

    private static string[] Files(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file))
                .Order(StringComparer.Ordinal),
        ];
}

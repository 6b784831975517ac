using System.Diagnostics;
using Curie.Cluster.Slurm;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Cluster.Tests.Slurm;

public sealed class SlurmScriptsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_array_asks_for_what_the_plan_says()
    {
        StandInProgram program = new(_folder.Path, shards: 32, steps: 1, pause: 0);
        ClusterJob job = program.Job with { Cpus = 8, MemoryBytes = 3L << 30, Hours = 5, MergeMemoryBytes = 1L << 30 };
        SlurmScripts scripts = new(
            job,
            new SlurmOptions
            {
                ArrayLimit = 4,
                Partition = "long",
                Further = ["--qos=high", "--exclusive"],
            }
        );
        string[] array = scripts.Array.Split('\n');
        Assert.Equal("#!/bin/bash", array[0]);
        foreach (
            string line in (string[])
                [
                    "#SBATCH --array=0-31%4",
                    "#SBATCH --cpus-per-task=8",
                    "#SBATCH --mem=3072M",
                    "#SBATCH --time=10:00:00",
                    "#SBATCH --signal=B:TERM@120",
                    "#SBATCH --partition=long",
                    "#SBATCH --qos=high",
                    "#SBATCH --exclusive",
                    "#SBATCH --requeue",
                    "#SBATCH --open-mode=append",
                ]
        )
        {
            Assert.Contains(line, array);
        }

        Assert.Contains("CURIE_ISA=256", scripts.Array, StringComparison.Ordinal);
        string[] merge = scripts.Merge.Split('\n');
        Assert.Contains("#SBATCH --mem=1024M", merge);
        Assert.Contains("#SBATCH --partition=long", merge);
        Assert.DoesNotContain("--array", scripts.Merge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 3 }, "3")]
    [InlineData(new[] { 0, 1, 2, 3 }, "0-3")]
    [InlineData(new[] { 7, 0, 1, 3, 3 }, "0,1,3,7")]
    public void Indices_are_written_as_ranges(int[] indices, string text) => Assert.Equal(text, SlurmScripts.Indices(indices));

    [Fact]
    public void A_folder_that_Slurm_cannot_write_logs_into_is_refused()
    {
        StandInProgram program = new(Directory.CreateDirectory(_folder.File("back\\slash")).FullName, shards: 2, steps: 1, pause: 0);
        Assert.Contains(
            "backslash",
            Assert.Throws<InputException>(() => new SlurmScripts(program.Job, new SlurmOptions())).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>The script without Slurm: the variables that Slurm sets, a squeue, and a scontrol that writes down what it is told.</summary>
    [Fact]
    public void The_script_passes_the_signal_on_and_asks_for_its_task_to_be_put_back()
    {
        StandInProgram program = new(Directory.CreateDirectory(_folder.File("a 'run' $x")).FullName, shards: 4, steps: 100, pause: 0.1);
        using Process script = StartScript(program, "RUNNING");
        Wait.Until(() => program.Reports.Any(report => report.Fraction > 0));
        Wait.Send("TERM", script.Id);
        Assert.True(script.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(75, script.ExitCode);
        Assert.Equal("requeue 40_3\n", File.ReadAllText(_folder.File("told")));
        Assert.Equal("Stopped", program.Reports.Single().State.ToString());
    }

    [Fact]
    public void The_script_leaves_alone_what_was_cancelled_or_put_back_by_Slurm()
    {
        StandInProgram program = new(_folder.Path, shards: 4, steps: 100, pause: 0.1);
        using Process script = StartScript(program, "COMPLETING");
        Wait.Until(() => program.Reports.Any(report => report.Fraction > 0));
        Wait.Send("TERM", script.Id);
        Assert.True(script.WaitForExit(TimeSpan.FromSeconds(8)), "it asks again");
        Assert.False(File.Exists(_folder.File("told")));
    }

    [Fact]
    public void A_shard_that_is_killed_continues_in_its_task_and_one_that_fails_does_not()
    {
        StandInProgram program = new(_folder.Path, shards: 4, steps: 20, pause: 0.1);
        using Process script = StartScript(program, "RUNNING");
        Wait.Until(() => program.Reports.Any(report => report.Fraction > 0.2));
        Wait.Send("KILL", Wait.ChildOf(script.Id));
        Wait.Until(() => program.Reports.Count == 2);
        program.Fail(3, yes: true);
        Assert.True(script.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, script.ExitCode);
        Assert.False(File.Exists(_folder.File("told")));
        Assert.Equal(2, program.Reports.Count);
        Assert.True(program.Reports.Max(report => report.Fraction) > 0.2);
    }

    private Process StartScript(StandInProgram program, string state)
    {
        new SlurmScripts(program.Job, new SlurmOptions()).Write();
        Directory.CreateDirectory(_folder.File("bin"));
        Write("scontrol", $"echo \"$*\" >> '{_folder.File("told")}'");
        Write("squeue", $"[[ $* == *--jobs=40_3* ]] && echo {state}");
        ProcessStartInfo start = new("bash", [Path.Combine(program.Job.Folder, SlurmScripts.ArrayFile)]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["SLURM_ARRAY_JOB_ID"] = "40";
        start.Environment["SLURM_ARRAY_TASK_ID"] = "3";
        return Process.Start(start)!;
    }

    private void Write(string program, string script)
    {
        string file = Path.Combine(_folder.File("bin"), program);
        File.WriteAllText(file, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}

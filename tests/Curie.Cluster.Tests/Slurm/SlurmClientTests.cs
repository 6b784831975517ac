using Curie.Cluster.Processes;
using Curie.Cluster.Slurm;
using Curie.Cluster.Status;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>The client beside programs that answer as Slurm's do, and as they should not.</summary>
public sealed class SlurmClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("echo 17", "17")]
    [InlineData("echo '17;cluster'", "17")]
    public void A_jobs_id_is_read(string answer, string id)
    {
        Program("sbatch", answer);
        Assert.Equal(id, Client().Submit("x.sbatch"));
    }

    [Fact]
    public void A_refusal_is_said_in_Slurms_words_on_one_line()
    {
        Program("sbatch", "printf 'sbatch: error: Batch job submission failed:\\n  Invalid partition name\\n' >&2; exit 1");
        Assert.Equal(
            "sbatch did not take x.sbatch: sbatch: error: Batch job submission failed: Invalid partition name.",
            Assert.Throws<InputException>(() => Client().Submit("x.sbatch")).Message
        );
    }

    [Fact]
    public void An_answer_without_an_id_is_refused()
    {
        Program("sbatch", "echo hello");
        Assert.Throws<InputException>(() => Client().Submit("x.sbatch"));
    }

    [Fact]
    public void A_program_that_is_missing_or_hangs_is_named()
    {
        Assert.StartsWith(
            "sbatch is not on this machine",
            Assert.Throws<InputException>(() => Client().Submit("x.sbatch")).Message,
            StringComparison.Ordinal
        );
        Program("sbatch", "sleep 60");
        Assert.StartsWith(
            "sbatch gave no answer in 0.5 s",
            Assert.Throws<InputException>(() => Client(0.5).Submit("x.sbatch")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_queue_is_known_without_accounts_and_a_forgotten_job_has_no_tasks()
    {
        Program(
            "squeue",
            """
            case "$*" in
            *jobs=7*) printf '7|0|RUNNING|None|n1|1-02:00:09\n7|1|PENDING|JobArrayTaskLimit||0:00\n7|2|COMPLETING|None|n2|0:30\n7|3|TIMEOUT|TimeLimit|n2|1:00\n' ;;
            *jobs=8*) printf '8|N/A|PENDING|Dependency||0:00\n' ;;
            *) echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1 ;;
            esac
            """
        );
        Program("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1");
        QueueState queue = Client().Ask("7", "8", "9");
        Assert.True(queue.IsKnown);
        Assert.Empty(queue.Notes);
        Assert.Equal(
            [
                new QueuedTask("7", 0, TaskState.Running, "RUNNING", "n1", new TimeSpan(1, 2, 0, 9)),
                new QueuedTask("7", 1, TaskState.Waiting, "PENDING (JobArrayTaskLimit)", null, TimeSpan.Zero),
                new QueuedTask("7", 2, TaskState.Ending, "COMPLETING", "n2", TimeSpan.FromSeconds(30)),
                new QueuedTask("7", 3, TaskState.Failed, "TIMEOUT (TimeLimit)", "n2", TimeSpan.FromMinutes(1)),
                new QueuedTask("8", null, TaskState.Waiting, "PENDING (Dependency)", null, TimeSpan.Zero),
            ],
            queue.Tasks
        );
    }

    [Fact]
    public void Accounts_know_what_the_queue_has_forgotten()
    {
        Program("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        Program(
            "sacct",
            "printf '7_0|COMPLETED|n1|9\n7_1|CANCELLED by 1000|None assigned|0\n7_2|OUT_OF_MEMORY|n2|70\n7_[3-9%%2]|PENDING|None assigned|0\n8|PENDING||0\n'"
        );
        Assert.Equal(
            [
                new QueuedTask("7", 0, TaskState.Completed, "COMPLETED", "n1", TimeSpan.FromSeconds(9)),
                new QueuedTask("7", 1, TaskState.Failed, "CANCELLED by 1000", null, TimeSpan.Zero),
                new QueuedTask("7", 2, TaskState.Failed, "OUT_OF_MEMORY", "n2", TimeSpan.FromSeconds(70)),
                new QueuedTask("8", null, TaskState.Waiting, "PENDING", null, TimeSpan.Zero),
            ],
            Client().Ask("7", "8").Tasks
        );
    }

    [Fact]
    public void A_controller_that_gives_no_answer_leaves_the_queue_unknown_and_is_noted()
    {
        Program("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        QueueState queue = Client().Ask("7");
        Assert.False(queue.IsKnown);
        Assert.Contains(queue.Notes, note => note.Contains("Unable to contact slurm controller", StringComparison.Ordinal));
        Assert.Contains(queue.Notes, note => note.StartsWith("sacct is not on this machine", StringComparison.Ordinal));
    }

    [Fact]
    public void A_merge_that_is_refused_takes_the_array_out_of_the_queue_again()
    {
        StandInProgram program = new(Directory.CreateDirectory(_folder.File("run")).FullName, shards: 2, steps: 1, pause: 0);
        Program("sbatch", "case \"$*\" in *merge*) echo no >&2; exit 1 ;; esac; echo 7");
        Program("scancel", $"echo \"$*\" > '{_folder.File("cancelled")}'");
        Assert.Throws<InputException>(() => SlurmEngine.Submit(program.Job, new SlurmOptions(), Client()));
        Assert.Equal("7\n", File.ReadAllText(_folder.File("cancelled")));
        Assert.Null(SubmissionRecord.Read(program.Job.Folder));
    }

    private void Program(string name, string answer)
    {
        File.WriteAllText(_folder.File(name), $"#!/bin/bash\n{answer}\n");
        File.SetUnixFileMode(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private SlurmClient Client(double seconds = 10) =>
        new(
            new ClientPrograms
            {
                Timeout = TimeSpan.FromSeconds(seconds),
                Missing = SlurmClient.Missing,
                Folder = _folder.Path,
            }
        );
}

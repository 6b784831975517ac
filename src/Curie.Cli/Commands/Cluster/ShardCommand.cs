using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cluster;
using Curie.Numerics;
using Curie.Studies;
using Curie.Studies.Sharding;

namespace Curie.Cli.Commands.Cluster;

/// <summary><c>curie shard</c>: runs one shard of a study that was cut; schedulers call it, and anybody may by hand.</summary>
internal static class ShardCommand
{
    /// <summary>Where schedulers say which task of an array a process is.</summary>
    private static readonly string[] IndexVariables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"];

    public static Command Create(Session session)
    {
        Argument<string> folder = new("RUN") { Description = "The folder of the study that curie submit cut into shards." };
        Option<int?> index = new("--index")
        {
            Description = $"Which shard, from 0; by default what {string.Join(" or ", IndexVariables)} says.",
            HelpName = "N",
        };
        Option<int?> threads = SharedOptions.Threads();
        Option<int> saveEvery = SharedOptions.SaveEvery();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "shard",
            "Run one shard of a study, or continue it: schedulers call this. A shard that is done is left as it is. Told to stop by "
                + "SIGTERM or "
                + $"Ctrl-C it saves its state and ends with {ShardExit.AsksToContinue}; the next attempt continues, with the same bits.",
            "curie shard runs/experiment --index 7"
        )
        {
            folder,
            index,
            threads,
            saveEvery,
            takeOver,
        };
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            int shard = parsed.GetValue(index) ?? IndexFromEnvironment();
            StudyOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                SaveInterval = TimeSpan.FromSeconds(parsed.GetValue(saveEvery)),
            };
            try
            {
                bool ran = WorkProgress.Run(session, progress =>
                    ShardRunner.Run(path, shard, options, JobFromEnvironment(), parsed.GetValue(takeOver), progress, session.Cancellation)
                );
                session.Report(
                    ran ? $"Shard {shard} of {path} is done." : $"Shard {shard} of {path} was done already.",
                    new JsonObject
                    {
                        ["shard"] = shard,
                        ["done"] = true,
                        ["ran"] = ran,
                    }
                );
                return ShardExit.Done;
            }
            catch (OperationCanceledException)
            {
                session.Terminal.Error.WriteLine(
                    $"curie: shard {shard} was told to stop and has saved its state; run it again to continue."
                );
                return ShardExit.AsksToContinue;
            }
        });
        return command;
    }

    private static int IndexFromEnvironment()
    {
        foreach (string variable in IndexVariables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                    ? index
                    : throw new InputException($"{variable} is not the number of a shard; set it to one, or give --index N.");
            }
        }

        throw new InputException($"which shard? Neither --index nor {string.Join(" or ", IndexVariables)} says; give --index N.");
    }

    private static string? JobFromEnvironment() =>
        Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID") is { Length: > 0 } job
            ? $"{job}_{Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID")}"
            : null;
}

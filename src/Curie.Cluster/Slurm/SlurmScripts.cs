using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Sampling.Shards;

namespace Curie.Cluster.Slurm;

/// <summary>
/// The two scripts of a study on Slurm: an array with a task for each shard, and the merge. Whoever prefers can change and submit them by
/// hand: <c>sbatch submit.sbatch</c>, then <c>sbatch --dependency=afterany:ID merge.sbatch</c>.
/// </summary>
public sealed class SlurmScripts
{
    /// <summary>The file of the array's script.</summary>
    public const string ArrayFile = "submit.sbatch";

    /// <summary>The file of the merge's script.</summary>
    public const string MergeFile = "merge.sbatch";

    private readonly ClusterJob _job;
    private readonly SlurmOptions _options;

    /// <summary>Writes the scripts of a job, for now as text.</summary>
    /// <exception cref="InputException">The job or the options are not valid.</exception>
    public SlurmScripts(ClusterJob job, SlurmOptions options)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(options);
        job.Validate();
        options.Validate();
        (_job, _options) = (job, options);
        Array = $"{Lines(ArrayDirectives())}\n{ArrayBody()}";
        Merge = $"{Lines(MergeDirectives())}\n{MergeBody()}";
    }

    /// <summary>The array's script.</summary>
    public string Array { get; }

    /// <summary>The merge's script. On which job it waits is said when it is submitted.</summary>
    public string Merge { get; }

    /// <summary>Indices of shards as <c>--array</c> takes them: <c>0-3,7</c>.</summary>
    public static string Indices(IEnumerable<int> indices) =>
        ShardNames.Ranges([.. indices.Distinct().Order()]).Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Writes both scripts, and the folder of the logs, without which Slurm starts no task.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Write()
    {
        try
        {
            Directory.CreateDirectory(_job.Logs);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot make the folder {_job.Logs}: {error.Message} Check that it is writable.", error);
        }

        AtomicFile.WriteAllText(Path.Combine(_job.Folder, ArrayFile), Array);
        AtomicFile.WriteAllText(Path.Combine(_job.Folder, MergeFile), Merge);
    }

    /// <summary>What <c>--array</c> is given for some shards, with the limit on how many run at a time.</summary>
    internal string ArrayOf(IEnumerable<int> indices) =>
        Indices(indices) + (_options.ArrayLimit is { } limit ? Invariant($"%{limit}") : "");

    private IEnumerable<string> ArrayDirectives() =>
        [
            .. Common(_job.Name, "shard-%a.log", _options.Cpus ?? _job.Cpus, _options.MemoryBytes ?? _job.MemoryBytes),
            BatchDirective.Of("time", SlurmTime.Text(_options.TimeOf(_job))),
            BatchDirective.Of("array", ArrayOf(Enumerable.Range(0, _job.Shards))),
            BatchDirective.Of("signal", Invariant($"B:TERM@{Math.Ceiling(_options.Notice.TotalSeconds):0}")),
            .. Further(),
        ];

    private IEnumerable<string> MergeDirectives() =>
        [
            .. Common($"{_job.Name}-merge", "merge.log", cpus: 1, _job.MergeMemoryBytes),
            BatchDirective.Of("time", SlurmTime.Text(SlurmOptions.Generous(_job.MergeHours))),
            .. Further(),
        ];

    private IEnumerable<string> Common(string name, string log, int cpus, long bytes)
    {
        yield return BatchDirective.Of("job-name", name);
        yield return BatchDirective.Of("chdir", _job.Folder);
        yield return BatchDirective.Of("output", $"{BatchDirective.FilePattern(_job.Logs)}/{log}");
        yield return BatchDirective.Of("open-mode", "append");
        yield return BatchDirective.Of("requeue");
        yield return BatchDirective.Of("nodes", "1");
        yield return BatchDirective.Of("ntasks", "1");
        yield return BatchDirective.Of("cpus-per-task", Invariant($"{cpus}"));
        yield return BatchDirective.Of("mem", Invariant($"{(bytes + (1 << 20) - 1) >> 20}M"));
        if (_options.Partition is not null)
        {
            yield return BatchDirective.Of("partition", _options.Partition);
        }

        if (_options.Account is not null)
        {
            yield return BatchDirective.Of("account", _options.Account);
        }
    }

    private IEnumerable<string> Further()
    {
        foreach (Match option in _options.Further.Select(option => SlurmOptions.LongOption().Match(option)))
        {
            string name = option.Groups["name"].Value;
            Group value = option.Groups["value"];
            yield return value.Success ? BatchDirective.Of(name, value.Value) : BatchDirective.Of(name);
        }
    }

    private string ArrayBody() =>
        $$"""
            # One shard of a study. A shard that is told to stop saves its state, ends with {{ShardExit.AsksToContinue}} and is put back
            # into the queue; its next attempt continues where it stopped.
            {{Setting(_options.Cpus ?? _job.Cpus)}}
            shard=
            stopping=
            forward() {
              signalled=1
              stopping=1
              [ -z "$shard" ] || kill -TERM "$shard" 2>/dev/null
            }
            trap forward TERM

            task="${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
            echo "== task $task, attempt $((${SLURM_RESTART_COUNT:-0} + 1)), on ${SLURMD_NODENAME:-$HOSTNAME}: $(date)"
            for try in 1 2 3 4; do
              {{ShellWord.Join(_job.ShardCommand)}} &
              shard=$!
              # The signal may have come before there was a process to pass it on to.
              [ -z "$stopping" ] || kill -TERM "$shard"
              # A signal ends a wait early, and the next one waits for the rest.
              while signalled=; wait "$shard"; code=$?; [ -n "$signalled" ]; do :; done
              shard=
              # Killed, by whomever: it continues from what it has saved.
              if [ "$code" -le 128 ] || [ -n "$stopping" ]; then break; fi
              echo "== ended by signal $((code - 128))"
            done

            if [ "$code" -eq {{ShardExit.AsksToContinue}} ]; then
              for try in 1 2 3 4 5 6 7 8 9 10; do
                if state=$(squeue --noheader --jobs="$task" --format=%T); then
                  # Otherwise it was cancelled, or Slurm has put it back itself, as it does at preemption.
                  [ "$state" = RUNNING ] || break
                  scontrol requeue "$task" && break
                fi
                sleep 10
              done
            fi
            echo "== task $task ended with $code: $(date)"
            exit "$code"

            """;

    private string MergeBody() =>
        $$"""
            # The merge of all shards.
            {{Setting(cpus: 1)}}
            echo "== merge, job $SLURM_JOB_ID, on ${SLURMD_NODENAME:-$HOSTNAME}: $(date)"
            exec {{ShellWord.Join(_job.MergeCommand)}}

            """;

    private string Setting(int cpus) =>
        Invariant(
            $"""
            # Nodes of other vector widths would give other bits. Where Slurm binds no task to its cores, .NET counts all of the node's.
            export CURIE_ISA={ShellWord.Of(_job.Isa)} DOTNET_PROCESSOR_COUNT={cpus}
            """
        );

    private static string Lines(IEnumerable<string> directives) => $"#!/bin/bash\n{string.Join('\n', directives)}\n";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

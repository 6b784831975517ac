using System.Globalization;
using Curie.Cluster.Status;
using Curie.Response.Runs;

namespace Curie.Cluster.Tests;

/// <summary>
/// A run folder with a program in place of Curie. A shard makes so many steps, a line of its state each; it is stopped, killed and continued
/// as one of Curie's is. What the merge should give is therefore known.
/// </summary>
internal sealed class StandInProgram
{
    private const string Script = """
        #!/bin/bash
        command=$1 run=$2
        index=${SLURM_ARRAY_TASK_ID:-${JOB_COMPLETION_INDEX:-}}
        [ "${3:-}" != --index ] || index=$4
        read -r shards steps pause < "$run/plan"

        if [ "$command" = merge ]; then
          for ((i = 0; i < shards; i++)); do
            [ -f "$run/shards/$i" ] || { echo "shard $i is missing" >&2; exit 1; }
            cat "$run/shards/$i"
          done > "$run/merged.partial"
          mv "$run/merged.partial" "$run/merged"
          exit
        fi

        [ ! -e "$run/shards/$index" ] || exit 0
        state="$run/shards/$index.state"
        attempt=1
        while [ -e "$run/shards/$index.$attempt.json" ]; do attempt=$((attempt + 1)); done
        started=$(date -u +%FT%TZ)
        report() {
          cat > "$run/shards/$index.partial" <<END
        {"index": $index, "attempt": $attempt, "host": "${SLURMD_NODENAME:-here}", "state": "$1", "started": "$started",
         "updated": "$(date -u +%FT%TZ)", "fraction": $((100 * done / steps))e-2, "seconds_left": null, "message": $2, "age": null}
        END
          mv "$run/shards/$index.partial" "$run/shards/$index.$attempt.json"
        }
        stop=
        trap 'stop=1' TERM
        done=$(wc -l 2>/dev/null < "$state" || echo 0)
        echo "shard $index continues at $done with $CURIE_ISA"
        report running null
        while [ "$done" -lt "$steps" ]; do
          [ -z "$stop" ] || { echo "shard $index stops at $done"; report stopped null; exit 75; }
          sleep "$pause"
          if [ -e "$run/fail.$index" ]; then report failed '"told to fail"'; exit 1; fi
          echo "$index $done" >> "$state"
          done=$((done + 1))
          report running null
        done
        mv "$state" "$run/shards/$index"
        report done null
        """;

    private readonly int _steps;

    /// <summary>Makes the run in a folder.</summary>
    public StandInProgram(string folder, int shards, int steps, double pause)
    {
        _steps = steps;
        Directory.CreateDirectory(Path.Combine(folder, "shards"));
        File.WriteAllText(Path.Combine(folder, "plan"), string.Create(CultureInfo.InvariantCulture, $"{shards} {steps} {pause}\n"));
        string program = Path.Combine(folder, "stand in");
        File.WriteAllText(program, Script);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Job = new ClusterJob
        {
            Folder = folder,
            Name = "stand in",
            Shards = shards,
            Program = [program],
            Isa = "256",
            Cpus = 1,
            MemoryBytes = 100_000_000,
            Hours = steps * pause / 3600,
            MergeMemoryBytes = 100_000_000,
            MergeHours = 0.01,
        };
    }

    /// <summary>The run as a job.</summary>
    public ClusterJob Job { get; }

    /// <summary>What the merge must write.</summary>
    public string Expected =>
        string.Concat(
            Enumerable
                .Range(0, Job.Shards)
                .SelectMany(shard => Enumerable.Range(0, _steps).Select(step => FormattableString.Invariant($"{shard} {step}\n")))
        );

    /// <summary>What the merge has written; null if nothing yet.</summary>
    public string? Merged => File.Exists(MergedFile) ? File.ReadAllText(MergedFile) : null;

    /// <summary>What the attempts say of themselves.</summary>
    public IReadOnlyList<ShardReport> Reports =>
        [.. Directory.GetFiles(Path.Combine(Job.Folder, "shards"), "*.json").Select(RecordJson.ReadFile<ShardReport>)];

    private string MergedFile => Path.Combine(Job.Folder, "merged");

    /// <summary>The log of a shard; empty if there is none yet.</summary>
    public string LogOf(int shard) => File.Exists(Job.LogOf(shard)) ? File.ReadAllText(Job.LogOf(shard)) : "";

    /// <summary>Makes a shard fail from now on, or no longer.</summary>
    public void Fail(int shard, bool yes)
    {
        string file = Path.Combine(Job.Folder, FormattableString.Invariant($"fail.{shard}"));
        if (yes)
        {
            File.WriteAllText(file, "");
        }
        else
        {
            File.Delete(file);
        }
    }
}

using System.Globalization;
using Curie.Cluster.Status;

namespace Curie.Cluster.Slurm;

/// <summary>The rows that <c>squeue</c> and <c>sacct</c> print. A row that is none of theirs is passed over.</summary>
internal static class SlurmRows
{
    private static readonly string[] Running = ["RUNNING", "SUSPENDED", "CONFIGURING", "SIGNALING", "STAGE_OUT", "RESIZING", "STOPPED"];
    private static readonly string[] Waiting = ["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"];

    /// <summary>Rows of array job, index, state, reason, nodes and time: <c>7|0|RUNNING|None|n1|0:09</c>.</summary>
    public static IEnumerable<QueuedTask> Queue(string output)
    {
        foreach (string[] row in Rows(output, columns: 6))
        {
            // A reason says why a task waits or why it has failed, and is None otherwise.
            string words = row[3] is "None" or "" ? row[2] : $"{row[2]} ({row[3]})";
            yield return new QueuedTask(row[0], Index(row[1]), State(row[2]), words, Node(row[4]), SlurmTime.Read(row[5]));
        }
    }

    /// <summary>Rows of task, state, nodes and seconds: <c>7_0|COMPLETED|n1|9</c>.</summary>
    public static IEnumerable<QueuedTask> Accounts(string output)
    {
        foreach (string[] row in Rows(output, columns: 4))
        {
            string[] task = row[0].Split('_');
            TimeSpan? elapsed = double.TryParse(row[3], CultureInfo.InvariantCulture, out double seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null;
            int? index = task.Length > 1 ? Index(task[1]) : null;

            // Tasks that have not started yet have one row for all, as 7_[2-9], and are in the queue.
            if (task.Length == 1 || index is not null)
            {
                yield return new QueuedTask(task[0], index, State(row[1]), row[1], Node(row[2]), elapsed);
            }
        }
    }

    private static IEnumerable<string[]> Rows(string output, int columns) =>
        output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split('|'))
            .Where(row => row.Length == columns);

    private static int? Index(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;

    private static string? Node(string text) => text is "" or "(null)" or "None assigned" ? null : text;

    /// <summary>A state's first word: the accounts write <c>CANCELLED by 1000</c>.</summary>
    private static TaskState State(string text) =>
        text.Split(' ')[0].TrimEnd('+') switch
        {
            "COMPLETED" => TaskState.Completed,
            "COMPLETING" => TaskState.Ending,
            string word when Running.Contains(word) => TaskState.Running,
            string word when Waiting.Contains(word) => TaskState.Waiting,
            _ => TaskState.Failed,
        };
}

using System.Globalization;

namespace Curie.Cluster.Status;

/// <summary>How a shard stands, by its last report and by its task in the queue: two accounts, either of which may be wrong.</summary>
internal static class ShardJudgement
{
    /// <summary>After what time without a report that is spoken of. Nothing is decided by it: clocks differ.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>The condition, and what there is to say.</summary>
    /// <param name="report">The last report; null if there is none.</param>
    /// <param name="task">The task in the queue; null if there is none.</param>
    /// <param name="isQueueKnown">Whether the lack of a task means that there is none.</param>
    public static (WorkCondition Condition, string Words) Of(ShardReport? report, QueuedTask? task, bool isQueueKnown) =>
        report?.State == ShardReportState.Done ? (WorkCondition.Done, "")
        : task is not null ? WithTask(report, task)
        : isQueueKnown ? WithoutTask(report)
        : ByReport(report);

    private static (WorkCondition Condition, string Words) WithTask(ShardReport? report, QueuedTask task) =>
        (task.State, report?.State) switch
        {
            (TaskState.Waiting, null) => (WorkCondition.Waiting, task.Words),
            (TaskState.Waiting, _) => (WorkCondition.Waiting, $"{task.Words}; continues at {Percent(report!)}"),
            (TaskState.Running, ShardReportState.Running) => (WorkCondition.Running, Sign(report!)),
            (TaskState.Running, _) => (WorkCondition.Running, "starting"),
            (TaskState.Ending, ShardReportState.Failed) or (TaskState.Failed, ShardReportState.Failed) => Failed(report!),
            (TaskState.Ending, ShardReportState.Stopped) => (WorkCondition.Waiting, "stopped, and about to be put back into the queue"),
            (TaskState.Ending, _) => (WorkCondition.Running, "ending"),
            (TaskState.Failed, _) => (WorkCondition.Failed, task.Words),
            _ => (WorkCondition.Lost, "the queue says that it is done, and there is no file of it; see its log"),
        };

    private static (WorkCondition Condition, string Words) WithoutTask(ShardReport? report) =>
        report?.State switch
        {
            ShardReportState.Failed => Failed(report),
            ShardReportState.Running => (
                WorkCondition.Lost,
                $"its last report says that it runs on {report.Host}, at {Percent(report)}, and the queue has no such task"
            ),
            ShardReportState.Stopped => (WorkCondition.Lost, $"stopped at {Percent(report)}, and not in the queue"),
            _ => (WorkCondition.Lost, "never started, and not in the queue"),
        };

    private static (WorkCondition Condition, string Words) ByReport(ShardReport? report) =>
        report?.State switch
        {
            ShardReportState.Failed => Failed(report),
            ShardReportState.Running when report.IsHeld == false => (
                WorkCondition.Lost,
                $"its last report says that it runs on {report.Host}, at {Percent(report)}, and no process has its folder"
            ),
            ShardReportState.Running => (WorkCondition.Running, Sign(report)),
            ShardReportState.Stopped => (WorkCondition.Waiting, $"stopped; continues at {Percent(report)}"),
            _ => (WorkCondition.Waiting, "not started"),
        };

    private static (WorkCondition Condition, string Words) Failed(ShardReport report) =>
        (WorkCondition.Failed, report.Message ?? "failed without a message; see its log");

    private static string Sign(ShardReport report) =>
        report.Age > Silence
            ? string.Create(CultureInfo.InvariantCulture, $"no sign of it for {report.Age.Value.TotalMinutes:0} min, if clocks agree")
            : "";

    private static string Percent(ShardReport report) => string.Create(CultureInfo.InvariantCulture, $"{100 * report.Fraction:0} %");
}

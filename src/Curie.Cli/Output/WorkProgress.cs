using System.Diagnostics;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Studies;
using Curie.Studies.Progress;
using Spectre.Console;

namespace Curie.Cli.Output;

/// <summary>
/// Shows how far long work is, at what rate, and when it will be done: redrawn in place on a screen, a plain line now and then in a
/// log, nothing with --quiet.
/// </summary>
internal sealed class WorkProgress : IProgress<StudyProgress>
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private readonly Action<string> _show;
    private readonly TimeSpan _interval;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly ActivityClock _clock = new();
    private TimeSpan _next;

    private WorkProgress(TimeSpan interval, Action<string> show)
    {
        _interval = interval;
        _next = interval;
        _show = show;
    }

    /// <summary>Runs work that reports its progress.</summary>
    /// <param name="session">The invocation.</param>
    /// <param name="work">The work.</param>
    public static T Run<T>(Session session, Func<IProgress<StudyProgress>, T> work)
    {
        if (!session.ShowsProgress)
        {
            return work(new WorkProgress(TimeSpan.MaxValue, _ => { }));
        }

        if (!session.Terminal.IsInteractive)
        {
            return work(new WorkProgress(LineInterval, session.Terminal.Error.WriteLine));
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(session.Terminal.Error) });
        return console
            .Status()
            .Start("working", status =>
                work(new WorkProgress(TimeSpan.FromMilliseconds(200), text => status.Status = Markup.Escape(text)))
            );
    }

    /// <summary>Runs work that counts what it has done.</summary>
    /// <param name="session">The invocation.</param>
    /// <param name="activity">What is being done, e.g. <c>packing</c>.</param>
    /// <param name="unit">What is counted, e.g. <c>tokens</c>.</param>
    /// <param name="total">How many there are; 0 where that is not known.</param>
    /// <param name="work">The work.</param>
    public static T Run<T>(Session session, string activity, string unit, double total, Func<WorkCounter, T> work) =>
        Run(session, progress => work(new WorkCounter(progress, activity, unit, total)));

    /// <inheritdoc/>
    public void Report(StudyProgress value)
    {
        TimeSpan now = _watch.Elapsed;
        TimeSpan elapsed = _clock.Elapsed(value.Activity, now);
        if (now >= _next)
        {
            _next = now + _interval;
            _show(Line(value, elapsed));
        }
    }

    /// <summary>
    /// A line of at most <see cref="ProseLines.Width"/> columns: what does not fit, the size of the work first, is left out.
    /// </summary>
    internal static string Line(StudyProgress value, TimeSpan elapsed)
    {
        string text = $"{value.Activity}: {Describe(value.Done, value.Total, value.Unit, elapsed)}";
        string line = value.Detail is null ? text : $"{text}, {value.Detail}";
        if (line.GetCellWidth() > ProseLines.Width)
        {
            line = line.Replace($" of {Short(value.Total)} {value.Unit},", ",", StringComparison.Ordinal);
        }

        while (line.GetCellWidth() > ProseLines.Width && line.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and int last)
        {
            line = line[..last];
        }

        return line;
    }

    /// <summary>How far, how fast, and how much longer at the mean rate so far.</summary>
    internal static string Describe(double done, double total, string unit, TimeSpan elapsed)
    {
        double rate = done / Math.Max(elapsed.TotalSeconds, 1e-9);
        string speed = string.Create(CultureInfo.InvariantCulture, $"{Short(rate)} {unit}/s");
        if (total <= 0 || done <= 0)
        {
            return $"{Short(done)} {unit}, {speed}";
        }

        double fraction = Math.Min(done / total, 1);
        TimeSpan left = TimeSpan.FromSeconds(
            Math.Min(elapsed.TotalSeconds * (1 - fraction) / fraction, TimeSpan.MaxValue.TotalSeconds / 2)
        );
        string remaining =
            left.TotalHours >= 1
                ? string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}h {left.Minutes:00}m")
                : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}m {left.Seconds:00}s");
        return string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.0} % of {Short(total)} {unit}, {speed}, {remaining} left");
    }

    private static string Short(double value)
    {
        (double scale, string suffix) = value switch
        {
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            >= 1e3 => (1e3, "k"),
            _ => (1, ""),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value / scale:G3}{suffix}");
    }
}

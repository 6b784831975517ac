using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Curie.Sampling.Networks;

namespace Curie.Cli.Invocation;

/// <summary>A command with an example, which its help ends with and the tests parse.</summary>
internal sealed class CurieCommand : Command
{
    private static readonly TimeSpan LongWork = TimeSpan.FromSeconds(10);
    private readonly Session _session;

    /// <summary>Names and describes a command.</summary>
    public CurieCommand(Session session, string name, string description, string example)
        : base(name, description)
    {
        _session = session;
        Example = example;
    }

    /// <summary>A command line that runs.</summary>
    public string Example { get; }

    /// <summary>Sets what the command does; it returns an exit code. Work of some length ends with what it took.</summary>
    public void Runs(Func<ParseResult, int> run) =>
        SetAction(parsed =>
        {
            _session.Configure(parsed);
            Stopwatch watch = Stopwatch.StartNew();
            int exitCode = run(parsed);
            if (watch.Elapsed > LongWork)
            {
                using Process process = Process.GetCurrentProcess();
                string minutes = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(long)watch.Elapsed.TotalMinutes} min {watch.Elapsed.Seconds} s"
                );
                _session.Say($"Took {minutes} and at most {SamplingPlan.Size(process.PeakWorkingSet64)} of memory.");
            }

            return exitCode;
        });
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
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
        Validators.Add(RefuseEmpty);
    }

    /// <summary>A command line that runs.</summary>
    public string Example { get; }

    /// <summary>Sets what the command does; it returns an exit code. Work of some length ends with what it took.</summary>
    public void Runs(Func<ParseResult, int> run) =>
        SetAction(parsed =>
        {
            _session.Configure(parsed);
            SayThreads(parsed);
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

    /// <summary>
    /// Nothing may be named by an empty word, which is what a variable that the shell does not know becomes.
    /// </summary>
    private static void RefuseEmpty(CommandResult result)
    {
        foreach (SymbolResult child in result.Children.Where(child => child.Tokens.Any(token => token.Value.Length == 0)))
        {
            string name = child switch
            {
                OptionResult option => option.Option.Name,
                ArgumentResult argument => argument.Argument.Name,
                _ => "an argument",
            };
            result.AddError($"{name} is empty; give it a value, or leave it out.");
        }
    }

    /// <summary>More threads than cores only wait for each other, and a machine takes no more.</summary>
    private void SayThreads(ParseResult parsed)
    {
        Option<int?>? threads = Options.OfType<Option<int?>>().FirstOrDefault(option => option.Name == SharedOptions.ThreadsName);
        if (threads is not null && parsed.GetValue(threads) is { } asked && asked > Machine.Cores)
        {
            _session.Say($"--threads is {asked}, and this machine has {Counted.Of(Machine.Cores, "core")}: so many threads are used.");
        }
    }
}

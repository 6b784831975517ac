using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Curie.Cli.Commands;
using Curie.Cli.Commands.Cluster;
using Curie.Numerics;

namespace Curie.Cli.Invocation;

/// <summary>The entry point: parses, runs, and turns what went wrong into one sentence and an exit code.</summary>
internal static class CurieCommandLine
{
    private const string DebugVariable = "CURIE_DEBUG";

    /// <summary>Runs a command line and returns the exit code; never throws.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        Session session = new(terminal, cancellation);
        try
        {
            ParseResult parsed = CreateRoot(session).Parse(arguments);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                return ReportUsage(parsed, terminal);
            }

            return parsed.Invoke(
                new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                }
            );
        }
        catch (Exception error) when (error is InputException or DivergenceException)
        {
            terminal.Error.WriteLine($"curie: {OptionWords.Of(error.Message)}");
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine($"curie: stopped; {session.InterruptionAdvice}");
            return ExitCode.Interrupted;
        }
        catch (OutOfMemoryException)
        {
            terminal.Error.WriteLine(
                "curie: the machine has too little free memory for this; close other programs or ask for less at once."
            );
            return ExitCode.BadInput;
        }
        // The last line of defence: whatever is left is a defect, and the user must not be shown a stack trace for it.
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine(
                $"curie: this is a bug in Curie ({error.GetType().Name}: {MessageLine.Of(error.Message)}); please report it, with the "
                    + $"command and what {DebugVariable}=1 adds, to the project's issue tracker."
            );
            if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
            {
                terminal.Error.WriteLine(error);
            }

            return ExitCode.Defect;
        }
    }

    /// <summary>The whole tree of commands.</summary>
    public static RootCommand CreateRoot(Session session)
    {
        RootCommand root = new("Susceptibilities and learning coefficients of transformers, with a standard error beside every number.");
        root.Add(SharedOptions.Quiet);
        root.Add(SharedOptions.Json);
        root.Add(SharedOptions.Verbose);
        root.Add(DemoCommand.Create(session));
        root.Add(CorpusCommands.Create(session));
        root.Add(TokenizerCommands.Create(session));
        root.Add(PackCommand.Create(session));
        root.Add(MixCommand.Create(session));
        root.Add(TrainCommand.Create(session));
        root.Add(RegressionCommands.Create(session));
        root.Add(ModelCommands.Create(session));
        root.Add(LossCommand.Create(session));
        root.Add(LlcCommand.Create(session));
        root.Add(CalibrateCommand.Create(session));
        root.Add(ScanCommand.Create(session));
        root.Add(SusceptibilityCommand.Create(session));
        root.Add(PlanCommands.Create(session));
        root.Add(SubmitCommands.Create(session));
        root.Add(StatusCommand.Create(session));
        root.Add(ShardCommand.Create(session));
        root.Add(MergeCommand.Create(session));
        root.Add(StructureCommand.Create(session));
        root.Add(HeadCommand.Create(session));
        root.Add(CompareCommand.Create(session));
        root.Add(DesignCommand.Create(session));
        root.Add(PerturbCommand.Create(session));
        root.Add(ScoresCommand.Create(session));
        root.Add(PatternsCommand.Create(session));
        root.Add(StagesCommand.Create(session));
        root.Add(ReportCommand.Create(session));
        root.Add(ValidateCommand.Create(session));
        root.Add(BenchCommand.Create(session));
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }

    private static int ReportUsage(ParseResult parsed, Terminal terminal)
    {
        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
        {
            terminal.Error.WriteLine($"curie: {message}");
        }

        IEnumerable<string> names = parsed
            .CommandResult.Command.Parents.OfType<Command>()
            .SelectMany(Names)
            .Append(parsed.CommandResult.Command.Name);
        string command = parsed.CommandResult.Command is RootCommand ? "curie" : $"curie {string.Join(' ', names)}";
        terminal.Error.WriteLine($"See {command} --help.");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Names(Command command) =>
        command is RootCommand ? [] : command.Parents.OfType<Command>().SelectMany(Names).Append(command.Name);
}

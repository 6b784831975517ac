using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Curie.Cli.Invocation;

/// <summary>The library's own help, followed by the command's example.</summary>
internal sealed class ExampleHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _help;

    /// <summary>Wraps the library's action.</summary>
    public ExampleHelp(HelpAction help) => _help = help;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int result = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CurieCommand command)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {command.Example}\n");
        }

        return result;
    }
}

using System.CommandLine;

namespace Curie.Cli.Invocation;

/// <summary>A command with an example, which its help ends with and the tests parse.</summary>
internal sealed class CurieCommand : Command
{
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

    /// <summary>Sets what the command does; it returns an exit code.</summary>
    public void Runs(Func<ParseResult, int> run) => SetAction(parsed =>
    {
        _session.Configure(parsed);
        return run(parsed);
    });
}

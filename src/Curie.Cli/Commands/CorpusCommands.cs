using System.CommandLine;
using Curie.Cli.Invocation;

namespace Curie.Cli.Commands;

/// <summary><c>curie corpus</c>: text to train on.</summary>
internal static class CorpusCommands
{
    public static Command Create(Session session)
    {
        Command command = new("corpus", "Build a corpus of text, or look into one.");
        command.Add(CorpusBuildCommand.Create(session));
        command.Add(CorpusInspectCommand.Create(session));
        return command;
    }
}

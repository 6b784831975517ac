using System.CommandLine;
using Curie.Cli.Invocation;

namespace Curie.Cli.Commands;

/// <summary><c>curie regression</c>: transformers that learn linear regression in context.</summary>
internal static class RegressionCommands
{
    public static Command Create(Session session)
    {
        Command command = new(
            "regression",
            "Train and evaluate a transformer that learns linear regression in context; curie llc measures its checkpoints too."
        );
        command.Add(RegressionTrainCommand.Create(session));
        command.Add(RegressionEvaluateCommand.Create(session));
        return command;
    }
}

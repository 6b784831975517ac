using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Studies.Configuration;

namespace Curie.Cli.Commands;

/// <summary><c>curie patterns</c>: the default token patterns, to read or to change a copy of.</summary>
internal static class PatternsCommand
{
    public static CurieCommand Create(Session session)
    {
        CurieCommand command = new(
            session,
            "patterns",
            "Print the token patterns that curie structure looks for, as the YAML file that its --patterns takes.",
            "curie patterns"
        );
        command.Runs(_ =>
        {
            session.Report(
                PatternFile.DefaultText.TrimEnd(),
                new JsonObject
                {
                    ["patterns"] = new JsonArray([
                        .. PatternFile
                            .Read(null)
                            .Select(pattern => new JsonObject { ["name"] = pattern.Name, ["description"] = pattern.Description }),
                    ]),
                },
                verbatim: true
            );
            return ExitCode.Done;
        });
        return command;
    }
}

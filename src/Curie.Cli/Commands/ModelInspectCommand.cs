using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Networks.Models;
using Curie.Numerics;

namespace Curie.Cli.Commands;

/// <summary><c>curie model inspect</c>: what a model is, and whether it can be measured.</summary>
internal static class ModelInspectCommand
{
    public static Command Create(Session session)
    {
        Argument<string> path = ModelCommands.Path();
        CurieCommand command = new(
            session,
            "inspect",
            "Say what a model is without reading its weights: family, files, architecture, parameters, the components that can be named, "
                + "its tokenizer; and if it cannot be measured, why.",
            "curie model inspect model/checkpoint-1000"
        )
        {
            path,
        };
        command.Runs(parsed => Inspect(session, parsed.GetRequiredValue(path)));
        return command;
    }

    private static int Inspect(Session session, string path)
    {
        ModelInspection model = ModelInspection.Of(path);
        FoundTokenizer tokenizer = FoundTokenizer.In(ModelCommands.FolderOf(path));
        session.Report(ModelReport.Text(model, tokenizer), ModelReport.ToJson(model, tokenizer));
        if (model.Refusal is null)
        {
            return ExitCode.Done;
        }

        session.Terminal.Error.WriteLine($"curie: {OptionWords.Of(model.Refusal)}");
        return ExitCode.BadInput;
    }
}

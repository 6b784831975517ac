using System.CommandLine;
using Curie.Cli.Invocation;

namespace Curie.Cli.Commands;

/// <summary><c>curie model</c>: models of other programs.</summary>
internal static class ModelCommands
{
    public static Command Create(Session session)
    {
        Command command = new("model", "Say what a model of any program is, and write it as another program's folder.");
        command.Add(ModelInspectCommand.Create(session));
        command.Add(ModelConvertCommand.Create(session));
        return command;
    }

    /// <summary>PATH, the model.</summary>
    public static Argument<string> Path() =>
        new("PATH")
        {
            Description =
                "The model: a folder, a safetensors file or the index of several, a checkpoint of torch.save, or a .bin of llama2.c.",
        };

    /// <summary>The folder that a model lies in.</summary>
    public static string FolderOf(string path) =>
        Directory.Exists(path) ? path
        : System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder
        : ".";
}

using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Networks.Archives;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Studies.Folders;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary><c>curie model convert</c>: writes a model as another program's folder.</summary>
internal static class ModelConvertCommand
{
    private const string Curie = "curie";
    private const string HuggingFace = "huggingface";
    private const string TransformerLens = "transformer-lens";

    public static Command Create(Session session)
    {
        Argument<string> path = ModelCommands.Path();
        Option<string> to = new("--to")
        {
            Description =
                "What to write: Curie's own folder, GPT-2, GPT-NeoX or Llama as Hugging Face's transformers reads them, or a state dict of "
                + "TransformerLens's HookedTransformer.",
            HelpName = $"{Curie}|{HuggingFace}|{TransformerLens}",
            DefaultValueFactory = _ => Curie,
        };
        to.AcceptOnlyFromAmong(Curie, HuggingFace, TransformerLens);
        Option<string?> tokenizer = new("--tokenizer")
        {
            Description = "The tokenizer to put beside the weights; by default the one beside the model, if there is one.",
            HelpName = "FILE",
        };
        Option<string> folder = SharedOptions.Out("The folder for the model.", "DIR");
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "convert",
            "Write a model, with its tokenizer, as another program's folder that computes the same function; or say which part of it that "
                + "program has not.",
            "curie model convert model/checkpoint-1000 --to transformer-lens --out lens"
        )
        {
            path,
            to,
            tokenizer,
            folder,
            overwrite,
            takeOver,
        };
        command.Runs(parsed =>
        {
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(folder));
            return Convert(
                session,
                parsed.GetRequiredValue(path),
                parsed.GetValue(to)!,
                parsed.GetValue(tokenizer),
                parsed.GetRequiredValue(folder),
                parsed.GetValue(overwrite)
            );
        });
        return command;
    }

    private static int Convert(Session session, string path, string to, string? tokenizer, string target, bool overwrite)
    {
        RequireElsewhere(path, target);
        ExistingRun existing = SharedOptions.Existing(resume: false, overwrite);
        using ParameterSet parameters = ModelReader.Load(path);
        using ModelExport export = ModelExport.Create(parameters, Format(to), path);
        string? found = tokenizer is null ? Beside(session, path) : Given(tokenizer);
        (string Source, string Name)[] files = found is null ? [] : [.. ModelFolder.TokenizerFiles(found)];
        bool copies = files.Length > 0 && (to != HuggingFace || IsOfHuggingFace(files));
        if (files.Length > 0 && !copies)
        {
            session.Say($"{found} is no tokenizer of Hugging Face's and is not copied.");
        }

        using OutputFolder folder = OutputFolder.Open(
            target,
            existing,
            canResume: false,
            [path, .. found is null ? (string[])[] : [found]]
        );
        string[] names = [ModelFolder.ConfigName, ModelFolder.WeightsName, .. copies ? files.Select(file => file.Name) : []];
        folder.Enter(names);
        export.Write(target, copies ? found : null);
        int count = new ParameterLayout(export.Config).Length;
        session.Report(
            $"{target}: {export.Family}, {Counted.Of(count, "parameter")}, {string.Join(", ", names)}",
            new JsonObject
            {
                ["path"] = target,
                ["family"] = export.Family,
                ["parameters"] = count,
                ["files"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
            }
        );
        return ExitCode.Done;
    }

    private static string? Given(string tokenizer)
    {
        TokenizerFile.Load(tokenizer);
        return Directory.Exists(tokenizer) ? TokenizerFile.Find(tokenizer) : tokenizer;
    }

    /// <summary>The tokenizer beside a model; null where there is none that can be read, which is no reason against the weights.</summary>
    private static string? Beside(Session session, string path)
    {
        try
        {
            string? found = TokenizerFile.Find(ModelCommands.FolderOf(path));
            return found is null ? null : Given(found);
        }
        catch (InputException refusal)
        {
            session.Say($"The tokenizer beside the model is not copied: {OptionWords.Of(refusal.Message)}");
            return null;
        }
    }

    /// <summary>Whether transformers reads a tokenizer: GPT-2's files, or the JSON with a part named model.</summary>
    private static bool IsOfHuggingFace((string Source, string Name)[] files) =>
        files.Length > 1 || (files[0].Name == ModelFolder.TokenizerName && InputFile.Read(files[0].Source, HasModel));

    private static bool HasModel(Stream stream)
    {
        using JsonDocument json = JsonDocument.Parse(stream);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("model", out JsonElement model)
            && model.ValueKind == JsonValueKind.Object;
    }

    private static ModelFormat Format(string to) =>
        to switch
        {
            HuggingFace => ModelFormat.HuggingFace,
            TransformerLens => ModelFormat.TransformerLens,
            _ => ModelFormat.Curie,
        };

    /// <summary>Refuses to write, and with --overwrite to delete, where the model itself lies.</summary>
    private static void RequireElsewhere(string path, string target)
    {
        using ITensorArchive archive = TensorArchive.Open(path);
        string inside = OutputPlace.Real(target) + Path.DirectorySeparatorChar;
        if (archive.Files.Any(file => OutputPlace.Real(file).StartsWith(inside, StringComparison.Ordinal)))
        {
            throw new InputException($"{target} is where the model itself lies; name another folder.");
        }
    }
}

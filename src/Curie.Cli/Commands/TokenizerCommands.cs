using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Studies.Folders;
using Curie.Text.Sources;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary><c>curie tokenizer</c>, and its <c>train</c>: learns a byte-level BPE vocabulary.</summary>
internal static class TokenizerCommands
{
    public static Command Create(Session session)
    {
        Command command = new("tokenizer", "Learn a vocabulary from text; turn texts into token ids and back; say what a tokenizer is.");
        command.Add(CreateTrain(session));
        command.Add(TokenizerEncodeCommand.Create(session));
        command.Add(TokenizerDecodeCommand.Create(session));
        command.Add(TokenizerInspectCommand.Create(session));
        return command;
    }

    private static CurieCommand CreateTrain(Session session)
    {
        BpeTrainerOptions defaults = new();
        Option<string[]> data = new("--data")
        {
            Description = $"The text: {TextInputs.Description}. Repeat it for several.",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> format = TextInputs.Format();
        Option<string?> column = TextInputs.Column();
        Option<int> vocabulary = new("--vocab")
        {
            Description = "The size of the vocabulary: 256 bytes, the merges, and two special tokens.",
            HelpName = "N",
            DefaultValueFactory = _ => defaults.VocabularySize,
        };
        Option<string> file = SharedOptions.Out("The file for the tokenizer, in Hugging Face's tokenizer.json format.", "FILE");
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "train",
            "Learn a byte-level BPE vocabulary and write it as tokenizer.json.",
            "curie tokenizer train --data corpus/train.jsonl --vocab 5000 --out tokenizer.json"
        )
        {
            data,
            format,
            column,
            vocabulary,
            file,
            overwrite,
        };
        command.Runs(parsed =>
            Train(
                session,
                parsed.GetRequiredValue(data),
                TextInputs.Reading(parsed, format, column),
                defaults with
                {
                    VocabularySize = parsed.GetValue(vocabulary),
                },
                parsed.GetRequiredValue(file),
                parsed.GetValue(overwrite)
            )
        );
        return command;
    }

    private static int Train(Session session, string[] paths, TextReading reading, BpeTrainerOptions options, string file, bool overwrite)
    {
        options.Validate();
        ICorpusSource[] sources = [.. paths.Select(path => TextInputs.Open(path, session, reading))];
        OutputFile.Prepare(file, overwrite, paths);
        session.Say($"Learning a vocabulary of {Counted.Of(options.VocabularySize, "token")} from {string.Join(", ", paths)}.");
        BpeTokenizer tokenizer = WorkProgress.Run(session, "counting words", "bytes", TextInputs.EstimateBytes(paths), progress =>
            BpeTrainer.Train(TextInputs.Read(sources, progress, session.Cancellation), options)
        );
        TokenizerFile.Save(file, tokenizer);
        string smaller =
            tokenizer.VocabularySize < options.VocabularySize
                ? $" (the text holds no more repeated pairs, so {options.VocabularySize} were not reached)"
                : "";
        session.Report(
            $"{file}: {Counted.Of(tokenizer.VocabularySize, "token")}{smaller}",
            new JsonObject
            {
                ["path"] = file,
                ["vocabulary"] = tokenizer.VocabularySize,
                ["merges"] = tokenizer.Merges.Count,
            }
        );
        return ExitCode.Done;
    }
}

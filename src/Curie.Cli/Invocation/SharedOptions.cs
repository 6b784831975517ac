using System.CommandLine;
using System.CommandLine.Parsing;
using Curie.Studies.Folders;

namespace Curie.Cli.Invocation;

/// <summary>The options that several commands share, each described and parsed once.</summary>
internal static class SharedOptions
{
    /// <summary>How help describes a model.</summary>
    public const string ModelDescription = "The model: a folder or a file.";

    /// <summary>--quiet, of every command.</summary>
    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Print nothing but errors.", Recursive = true };

    /// <summary>--json, of every command.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the result as one JSON object, for scripts.",
        Recursive = true,
    };

    /// <summary>--verbose, of every command.</summary>
    public static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Print every table and note, rather than the conclusion and what it rests on.",
        Recursive = true,
    };

    /// <summary>--out, required.</summary>
    public static Option<string> Out(string description, string placeholder) =>
        new("--out", "-o")
        {
            Description = description,
            HelpName = placeholder,
            Required = true,
        };

    /// <summary>--seed of a command that has no configuration file.</summary>
    public static Option<long> Seed() =>
        new("--seed")
        {
            Description = "The seed of every random choice.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };

    /// <summary>--seed of a command whose configuration file gives one; null where the option is not given.</summary>
    public static Option<long?> SeedOverride() =>
        new("--seed") { Description = "The seed, in place of the configuration's.", HelpName = "N" };

    /// <summary>--model of a command that takes checkpoints too.</summary>
    public static Option<string[]> Models() =>
        new("--model")
        {
            Description =
                ModelDescription[..^1]
                + "; or checkpoints: a training run's folder, a pattern such as \"runs/pile/checkpoint-*\", or several by repeating "
                + "the option.",
            HelpName = "PATH",
        };

    /// <summary>The name of <see cref="Threads"/>.</summary>
    public const string ThreadsName = "--threads";

    /// <summary>--threads; null where the option is not given.</summary>
    public static Option<int?> Threads()
    {
        Option<int?> option = new(ThreadsName)
        {
            Description = "How many threads to use; 0 for all cores. Results do not depend on it.",
            HelpName = "N",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int threads) && threads < 0)
            {
                result.AddError("--threads must be 0 (all cores) or more.");
            }
        });
        return option;
    }

    /// <summary>--memory in bytes; null where the option is not given.</summary>
    public static Option<long?> Memory() =>
        Size(
            "--memory",
            "The memory that the run may take, such as 4G; half of the machine's by default. With less, fewer components are sampled "
                + "together and less is kept from draw to draw; results are the same bits."
        );

    /// <summary>An option that takes a size such as 4M; null where it is not given.</summary>
    public static Option<long?> Size(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "SIZE",
            CustomParser = ParseSize,
        };

    /// <summary>--save-every, in seconds.</summary>
    public static Option<int> SaveEvery()
    {
        Option<int> option = new("--save-every")
        {
            Description = "Save a component in progress after so many seconds; a run that is killed loses no more than that and one draw.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 20,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int seconds) && seconds < 0)
            {
                result.AddError("--save-every must be 0 (at every draw) or more seconds.");
            }
        });
        return option;
    }

    /// <summary>--resume.</summary>
    public static Option<bool> Resume() =>
        new("--resume") { Description = "Continue what is in the output folder; start if nothing is there." };

    /// <summary>--overwrite.</summary>
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace the files that Curie wrote there before." };

    /// <summary>--take-over.</summary>
    public static Option<bool> TakeOver() =>
        new("--take-over")
        {
            Description = "Take the output folder over from a process that has ended, where the file system has no locks that would tell.",
        };

    /// <summary>Does what --take-over asks for, before the folder is opened.</summary>
    public static void TakeOver(bool isGiven, string? folder)
    {
        if (isGiven && folder is not null)
        {
            OutputFolder.TakeOver(folder);
        }
    }

    /// <summary>--overwrite of a command that writes one file.</summary>
    public static Option<bool> OverwriteFile() =>
        new("--overwrite") { Description = "Replace the file if it exists, whoever wrote it, unless the command reads it." };

    /// <summary>Refuses a whole number that is too small.</summary>
    public static Action<OptionResult> AtLeast(int least) =>
        result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < least)
            {
                result.AddError($"{result.Option.Name} must be {least} or more.");
            }
        };

    /// <summary>Refuses --resume beside --overwrite.</summary>
    public static Action<CommandResult> RefuseBoth(Option<bool> resume, Option<bool> overwrite) =>
        result =>
        {
            if (result.GetValue(resume) && result.GetValue(overwrite))
            {
                result.AddError("--resume continues a run and --overwrite deletes it; give one of the two.");
            }
        };

    /// <summary>What --resume and --overwrite ask for.</summary>
    public static ExistingRun Existing(bool resume, bool overwrite) =>
        resume ? ExistingRun.Resume
        : overwrite ? ExistingRun.Overwrite
        : ExistingRun.Refuse;

    private static long? ParseSize(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (ByteSize.TryParse(text, out long bytes))
        {
            return bytes;
        }

        result.AddError($"'{text}' is not a size; write a whole number with K, M, G or T, such as 512M or 8G.");
        return null;
    }
}

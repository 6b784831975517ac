using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Studies.Folders;
using Curie.Text.Packing;
using Curie.Text.Sources;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary><c>curie pack</c>: text, or generated repetition, as token rows.</summary>
internal static class PackCommand
{
    public static Command Create(Session session)
    {
        Option<string> tokenizer = TokenizerOptions.Tokenizer();
        Option<string?> pattern = TokenizerOptions.Pattern();
        Option<string[]> data = new("--data")
        {
            Description = $"The text: {TextInputs.Description}. Repeat it for several.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> format = TextInputs.Format();
        Option<string?> column = TextInputs.Column();
        Option<int> context = new("--n-ctx")
        {
            Description = "Tokens per row, the beginning-of-row token included.",
            HelpName = "N",
            Required = true,
        };
        Option<string> special = TokenizerOptions.Special();
        Option<string?> beginRow = new("--begin-row")
        {
            Description = "The token that begins every row, by its name or as #ID; none for no such token; by default the tokenizer's own.",
            HelpName = "TOKEN",
        };
        Option<string?> endDocument = new("--end-document")
        {
            Description = "The token between documents, by its name or as #ID; none for no such token; by default the tokenizer's own.",
            HelpName = "TOKEN",
        };
        Option<int> repeats = new("--repeats")
        {
            Description = "So many rows, after those of the text, that repeat a block of random tokens: only induction predicts them.",
            HelpName = "ROWS",
        };
        Option<string?> block = new("--repeat-block")
        {
            Description =
                "The length of the repeated block, drawn anew for each row from LEAST-MOST, such as 8-96; the default is half a row.",
            HelpName = "LEAST-MOST",
        };
        Option<int?> count = new("--rows")
        {
            Description = "Keep so many rows: random ones, or with --in-order the first. All by default.",
            HelpName = "N",
        };
        Option<bool> scramble = new("--scramble")
        {
            Description =
                "Put the tokens of every row, but that which begins it, in random order: text of the same tokens without structure, a "
                + "null.",
        };
        Option<bool> inOrder = new("--in-order")
        {
            Description =
                "Keep documents and rows in order. Otherwise both are shuffled, so that any rows of the file are a fair sample of it.",
        };
        Option<bool> shuffled = new("--shuffle")
        {
            Description = "What is done anyway; scripts of earlier versions give it.",
            Hidden = true,
        };
        Option<long> seed = SharedOptions.Seed();
        Option<string> file = SharedOptions.Out("The file for the rows, shape (rows, n_ctx), uint16 or int32.", "ROWS.npy");
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "pack",
            "Encode text and cut it into rows of n_ctx tokens: a beginning-of-row token, then a piece of the documents joined end to end. "
                + "Documents and rows come in random order.",
            "curie pack --tokenizer tokenizer.json --data corpus/train.jsonl --n-ctx 256 --out train.npy"
        )
        {
            tokenizer,
            pattern,
            data,
            format,
            column,
            context,
            special,
            beginRow,
            endDocument,
            repeats,
            block,
            count,
            scramble,
            inOrder,
            shuffled,
            seed,
            file,
            overwrite,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(inOrder) && result.GetValue(shuffled))
            {
                result.AddError("--in-order keeps the order and --shuffle does not; give one of the two.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is not { Length: > 0 } && result.GetValue(repeats) == 0)
            {
                result.AddError("Nothing to pack: give --data, --repeats or both.");
            }

            if (result.GetValue(count) is <= 0)
            {
                result.AddError("--rows must be at least 1.");
            }

            if (result.GetValue(repeats) < 0)
            {
                result.AddError("--repeats must be 0 or more.");
            }

            if (result.GetValue(block) is { } text && ParseBlock(text) is null)
            {
                result.AddError($"'{text}' is not a range of lengths; write it like 8-96.");
            }
        });
        command.Runs(parsed =>
        {
            long? shuffle = parsed.GetValue(inOrder) ? null : parsed.GetValue(seed);
            string path = parsed.GetRequiredValue(file);
            string[] texts = parsed.GetValue(data) ?? [];
            int length = parsed.GetRequiredValue(context);
            Tokenizer vocabulary = TokenizerFile.Load(parsed.GetRequiredValue(tokenizer), parsed.GetValue(pattern));
            PackingOptions options = new()
            {
                Special = TokenizerOptions.Parse(parsed.GetValue(special)),
                BeginRow = Named(vocabulary, parsed.GetValue(beginRow), vocabulary.BosId, "begins rows", beginRow),
                EndDocument =
                    texts.Length > 0
                        ? Named(vocabulary, parsed.GetValue(endDocument), vocabulary.EosId, "ends documents", endDocument)
                        : null,
                ShuffleSeed = shuffle,
            };
            TextReading reading = TextInputs.Reading(parsed, format, column);
            ICorpusSource[] sources = [.. texts.Select(text => TextInputs.Open(text, session, reading))];
            OutputFile.Prepare(path, parsed.GetValue(overwrite), [parsed.GetRequiredValue(tokenizer), .. texts]);
            session.Say($"Packing rows of {Counted.Of(length, "token")} into {path}.");
            List<TokenRows> sets = [];
            JsonObject json = new() { ["path"] = path };
            string summary = "";
            if (sources.Length > 0)
            {
                PackedText packed = WorkProgress.Run(session, "packing", "bytes", TextInputs.EstimateBytes(texts), progress =>
                    Packer.Pack(TextInputs.Read(sources, progress, session.Cancellation), vocabulary, length, options)
                );
                sets.Add(packed.Rows);
                json["documents"] = packed.Documents;
                json["tokens"] = packed.Tokens;
                json["dropped_tokens"] = packed.DroppedTokens;
                summary =
                    $" of {Counted.Of(packed.Documents, "document")} ({Counted.Of(packed.Tokens, "token")}, the last "
                    + $"{packed.DroppedTokens} dropped)";
            }

            if (parsed.GetValue(repeats) is > 0 and int repeated)
            {
                BlockLength? range = parsed.GetValue(block) is { } text ? ParseBlock(text) : null;
                sets.Add(RepeatedBlocks.Rows(repeated, length, vocabulary, options.BeginRow, parsed.GetValue(seed), range));
                json["repeat_rows"] = repeated;
            }

            using TokenRows packedRows = sets.Count == 1 ? sets[0] : TokenRows.Concatenate(sets);
            using TokenRows? mixed = sets.Count > 1 && shuffle is { } order ? packedRows.Shuffled(order) : null;
            TokenRows all = mixed ?? packedRows;
            using TokenRows? kept = parsed.GetValue(count) < all.Count ? all.Slice(0, parsed.GetValue(count)!.Value) : null;
            TokenRows rows = kept ?? all;
            if (parsed.GetValue(scramble))
            {
                rows.Scramble(parsed.GetValue(seed), keepsFirst: options.BeginRow is not null);
            }

            rows.Save(path);
            json["rows"] = rows.Count;
            json["n_ctx"] = rows.ContextLength;
            json["shuffled"] = shuffle is not null;
            json["scrambled"] = parsed.GetValue(scramble);
            session.Report(
                $"{path}: {Counted.Of(rows.Count, "row")}{summary}{(shuffle is null ? ", in order" : ", shuffled")}"
                    + (parsed.GetValue(scramble) ? ", tokens scrambled" : ""),
                json
            );
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The token that an option names, or the tokenizer's own.</summary>
    private static int? Named(Tokenizer tokenizer, string? name, int? own, string role, Option<string?> option) =>
        name == "none" ? null
        : name is { Length: > 0 } ? tokenizer.FindToken(name)
        : own
            ?? throw new InputException(
                $"{tokenizer.Name} has no token that {role}; name one with {option.Name} TOKEN, or do without with {option.Name} none."
            );

    private static BlockLength? ParseBlock(string text)
    {
        string[] ends = text.Split('-');
        return ends.Length == 2 && int.TryParse(ends[0], out int least) && int.TryParse(ends[1], out int most)
            ? new BlockLength(least, most)
            : null;
    }
}

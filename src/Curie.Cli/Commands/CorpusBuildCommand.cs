using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Studies.Folders;
using Curie.Text;
using Curie.Text.Corpora;
using Curie.Text.Sources;

namespace Curie.Cli.Commands;

/// <summary><c>curie corpus build</c>: samples sources, splits them into training and held-out documents, and writes JSON Lines.</summary>
internal static class CorpusBuildCommand
{
    private const string SkippedName = "skipped.txt";

    /// <summary>So many of what was left out are shown.</summary>
    private const int MostShown = 10;

    public static Command Create(Session session)
    {
        Option<string[]> sources = new("--source")
        {
            Description =
                $"A source: {string.Join(", ", BuiltInSources.Names)} (these need no download), or {TextInputs.Description}. Repeat it "
                + "for several.",
            HelpName = "NAME",
            Required = true,
        };
        Option<string?> format = TextInputs.Format();
        Option<string?> column = TextInputs.Column();
        Option<string[]> include = Globs(
            "--include",
            "Of folders, read only the files that match: a glob such as *.md or docs/**/*.txt, with / between folders; one without a / is "
                + "meant at any depth. Repeat it for several; all files by default."
        );
        Option<string[]> exclude = Globs(
            "--exclude",
            "Of folders, leave out the files and folders that match, such as node_modules or *.min.js. Repeat it for several."
        );
        Option<bool> skipBad = new("--skip-bad")
        {
            Description =
                "Leave out files that cannot be read as UTF-8 text, and bad lines of JSON Lines, and say in skipped.txt which, and why. "
                + "Without it the first of them is refused.",
        };
        Option<string> folder = SharedOptions.Out("The folder for the corpus.", "DIR");
        Option<long?> limit = SharedOptions.Size(
            "--limit",
            "Keep at most so much text of each source, such as 4M; the default is everything."
        );
        Option<double> heldOut = new("--held-out")
        {
            Description = "The share of each source's documents kept out of training.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => new CorpusMix { Parts = [] }.HeldOut,
        };
        Option<long> seed = SharedOptions.Seed();
        Option<bool> compress = new("--compress") { Description = "Write .jsonl.gz." };
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "build",
            "Sample one or more sources, split each into training and held-out documents, and write them as JSON Lines in the Pile's "
                + "schema.",
            "curie corpus build --source arithmetic --source signatures --limit 4M --out corpus"
        )
        {
            sources,
            format,
            column,
            include,
            exclude,
            skipBad,
            folder,
            limit,
            heldOut,
            seed,
            compress,
            overwrite,
            takeOver,
        };
        command.Runs(parsed =>
        {
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(folder));
            return Build(
                session,
                parsed.GetRequiredValue(sources),
                TextInputs.Reading(parsed, format, column) with
                {
                    Include = parsed.GetValue(include) ?? [],
                    Exclude = parsed.GetValue(exclude) ?? [],
                },
                parsed.GetValue(skipBad),
                parsed.GetRequiredValue(folder),
                parsed.GetValue(overwrite),
                new CorpusMix
                {
                    Parts = [],
                    HeldOut = parsed.GetValue(heldOut),
                    Seed = parsed.GetValue(seed),
                    Compress = parsed.GetValue(compress),
                },
                parsed.GetValue(limit)
            );
        });
        return command;
    }

    private static int Build(
        Session session,
        string[] names,
        TextReading reading,
        bool skipBad,
        string path,
        bool overwrite,
        CorpusMix options,
        long? limit
    )
    {
        List<string> skipped = [];
        TextReading tolerant = skipBad ? reading with { LeaveOut = error => skipped.Add(error.Message) } : reading;
        ICorpusSource[] sources = [.. names.Select(name => Source(name, options.Seed, session, tolerant))];
        ExistingRun existing = SharedOptions.Existing(resume: false, overwrite);
        OutputFolder.Check(path, existing, canResume: false, names);
        session.Say($"Building a corpus of {string.Join(", ", sources.Select(source => source.Name))} in {path}.");
        Corpus corpus = WorkProgress.Run(session, "reading", "bytes", 0, progress =>
        {
            CorpusPart[] parts =
            [
                .. sources.Select(source => new CorpusPart(new CountedSource(source, progress, session.Cancellation), limit)),
            ];
            return CorpusBuilder.Read(options with { Parts = parts });
        });
        // Only now is the folder taken, so that a build that is refused or stopped leaves nothing that the next one would find.
        using OutputFolder folder = OutputFolder.Open(path, existing, canResume: false, names);
        string extension = options.Compress ? "jsonl.gz" : "jsonl";
        IEnumerable<string> prefixes = sources.Select(source => source.Name + ".").Append("");
        folder.Enter(prefixes.SelectMany(prefix => new[] { $"{prefix}train.{extension}", $"{prefix}heldout.{extension}" }));
        IReadOnlyList<CorpusFile> files = corpus.Write(path);
        if (skipped.Count > 0)
        {
            AtomicFile.WriteAllText(folder.FilePath(SkippedName), string.Concat(skipped.Select(reason => reason + "\n")));
        }

        session.Report(
            string.Join(
                '\n',
                files
                    .Select(file => $"{file.Path}: {Counted.Of(file.Documents, "document")}, {ByteSize.Format(file.Bytes)} of text")
                    .Concat(Skipped(skipped, path))
            ),
            new JsonObject
            {
                ["files"] = new JsonArray([.. files.Select(ToJson)]),
                ["skipped"] = new JsonArray([.. skipped.Select(reason => (JsonNode)reason)]),
            }
        );
        return ExitCode.Done;
    }

    private static IEnumerable<string> Skipped(List<string> reasons, string path)
    {
        if (reasons.Count > 0)
        {
            int more = reasons.Count - MostShown;
            return
            [
                $"Left out: {Counted.Of(reasons.Count, "file or line", "files or lines")}, all in {Path.Combine(path, SkippedName)}.",
                .. reasons.Take(MostShown).Select(reason => $"  {reason}"),
                .. more > 0 ? (string[])[$"  and {more} more."] : [],
            ];
        }

        return [];
    }

    private static Option<string[]> Globs(string name, string description) => new(name) { Description = description, HelpName = "GLOB" };

    private static ICorpusSource Source(string name, long seed, Session session, TextReading reading) =>
        name != "-" && !File.Exists(name) && !Directory.Exists(name)
            ? BuiltInSources.Create(name, seed)
            : TextInputs.Open(name, session, reading);

    private static JsonObject ToJson(CorpusFile file) =>
        new()
        {
            ["path"] = file.Path,
            ["source"] = file.Source,
            ["held_out"] = file.HeldOut,
            ["documents"] = file.Documents,
            ["bytes"] = file.Bytes,
        };
}

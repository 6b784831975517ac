using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Studies.Folders;
using Curie.Text;
using Curie.Text.Corpora;
using Curie.Text.Sources;

namespace Curie.Cli.Commands;

/// <summary><c>curie corpus build</c>: samples sources, splits them into training and held-out documents, and writes JSON Lines.</summary>
internal static class CorpusBuildCommand
{
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
                TextInputs.Reading(parsed, format, column),
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
        string path,
        bool overwrite,
        CorpusMix options,
        long? limit
    )
    {
        ICorpusSource[] sources = [.. names.Select(name => Source(name, options.Seed, session, reading))];
        using OutputFolder folder = OutputFolder.Open(path, SharedOptions.Existing(resume: false, overwrite), canResume: false, names);
        string extension = options.Compress ? "jsonl.gz" : "jsonl";
        IEnumerable<string> prefixes = sources.Select(source => source.Name + ".").Append("");
        folder.Enter(prefixes.SelectMany(prefix => new[] { $"{prefix}train.{extension}", $"{prefix}heldout.{extension}" }));

        session.Say($"Building a corpus of {string.Join(", ", sources.Select(source => source.Name))} in {path}.");
        IReadOnlyList<CorpusFile> files = WorkProgress.Run(session, "reading", "bytes", 0, progress =>
        {
            CorpusPart[] parts =
            [
                .. sources.Select(source => new CorpusPart(new CountedSource(source, progress, session.Cancellation), limit)),
            ];
            return CorpusBuilder.Build(options with { Parts = parts }, path);
        });
        session.Report(
            string.Join(
                '\n',
                files.Select(file => $"{file.Path}: {Counted.Of(file.Documents, "document")}, {ByteSize.Format(file.Bytes)} of text")
            ),
            new JsonObject { ["files"] = new JsonArray([.. files.Select(ToJson)]) }
        );
        return ExitCode.Done;
    }

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

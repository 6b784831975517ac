using Curie.Cli.Commands;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Text;
using Curie.Text.Corpora;
using Curie.Text.Packing;
using Curie.Text.Sources;
using Curie.Text.Tokenization;

namespace Curie.Cli.Demo;

/// <summary>Builds the demo's corpus, tokenizer and token rows. The same seed gives the same files on machines with the same SDK.</summary>
internal sealed class DemoText(Session session, DemoSettings settings, DemoFolder folder)
{
    // Rows of training, held-out and probe repeats come from different seeds, so that no probe row was trained on.
    private const long HeldOutRepeats = 1;
    private const long ProbeRepeats = 2;

    /// <summary>Makes all files.</summary>
    public void Build()
    {
        session.Say($"\n1. Text: {string.Join(", ", DemoSettings.Sources)} and {DemoSettings.Repeats}, into {folder.Corpus}.");
        IReadOnlyList<CorpusFile> files = BuildCorpus();
        foreach (CorpusFile file in files.Where(file => file.Source is not null && !file.HeldOut))
        {
            session.Say($"   {file.Source}: {Counted.Of(file.Documents, "document")}, {ByteSize.Format(file.Bytes)}");
        }

        BpeTokenizer tokenizer = BpeTrainer.Train(
            Documents(files, heldOut: false),
            new BpeTrainerOptions { VocabularySize = settings.Architecture.Vocabulary }
        );
        TokenizerFile.Save(folder.Tokenizer, tokenizer);
        Pack(files, tokenizer);
    }

    private static IEnumerable<Document> Documents(IReadOnlyList<CorpusFile> files, bool heldOut, string? source = null) =>
        files
            .Where(file => file.HeldOut == heldOut && (source is null ? file.Source is not null : file.Source == source))
            .SelectMany(file => new JsonLinesSource(file.Path).Read());

    private IReadOnlyList<CorpusFile> BuildCorpus() => WorkProgress.Run(session, "reading", "bytes", 0, progress =>
        {
            CorpusPart[] parts =
            [
                .. DemoSettings.Sources.Select(name => new CorpusPart(
                    new CountedSource(BuiltInSources.Create(name, settings.Seed), progress, session.Cancellation),
                    settings.SourceBytes
                )),
            ];
            return CorpusBuilder.Build(new CorpusMix { Parts = parts, Seed = settings.Seed }, folder.Corpus);
        });

    private void Pack(IReadOnlyList<CorpusFile> files, Tokenizer tokenizer)
    {
        using TokenRows text = Packed(files, tokenizer, heldOut: false);
        using TokenRows train = Mix(text, tokenizer, settings.Seed);
        train.Save(folder.Rows("train"));
        using TokenRows heldOutText = Packed(files, tokenizer, heldOut: true);
        using TokenRows heldOut = Mix(heldOutText, tokenizer, settings.Seed + HeldOutRepeats);
        heldOut.Save(folder.Rows("heldout"));
        foreach (string source in DemoSettings.Sources)
        {
            using TokenRows probe = Packed(files, tokenizer, heldOut: true, source);
            using TokenRows shuffled = probe.Shuffled(settings.Seed);
            shuffled.Save(folder.Rows(source));
        }

        BlockLength block = new(settings.ProbeBlock, settings.ProbeBlock);
        using TokenRows repeats = RepeatedBlocks.Rows(
            settings.LossRows,
            settings.Architecture.ContextLength,
            tokenizer,
            settings.Seed + ProbeRepeats,
            block
        );
        repeats.Save(folder.Rows(DemoSettings.Repeats));
        session.Say(
            $"   tokenizer of {Counted.Of(tokenizer.VocabularySize, "token")}; {Counted.Of(train.Count, "training row")} of "
                + $"{Counted.Of(train.ContextLength, "token")}, "
                + $"{text.Count} of them text and the rest repeats"
        );
    }

    private TokenRows Packed(IReadOnlyList<CorpusFile> files, Tokenizer tokenizer, bool heldOut, string? source = null) =>
        Packer.Pack(Documents(files, heldOut, source), tokenizer, settings.Architecture.ContextLength).Rows;

    private TokenRows Mix(TokenRows text, Tokenizer tokenizer, long seed)
    {
        int count = (int)(text.Count * settings.RepeatsPerTextRow);
        using TokenRows repeats = RepeatedBlocks.Rows(count, settings.Architecture.ContextLength, tokenizer, seed, settings.TrainingBlocks);
        using TokenRows all = TokenRows.Concatenate([text, repeats]);
        return all.Shuffled(seed);
    }
}

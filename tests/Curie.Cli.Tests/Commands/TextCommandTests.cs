using System.Text.Json.Nodes;
using Curie.Tests;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Cli.Tests.Commands;

/// <summary>From generated text to token rows, the way a user would go.</summary>
public sealed class TextCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Corpus => _folder.File("corpus");

    private string HeldOut => Path.Combine(Corpus, "heldout.jsonl");

    private string Tokenizer => _folder.File("tokenizer.json");

    private string Rows => _folder.File("rows.npy");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_corpus_becomes_a_tokenizer_and_token_rows()
    {
        BuildCorpus();
        TrainTokenizer();
        CommandRun pack = CommandRun
            .Of("pack", "--tokenizer", Tokenizer, "--data", HeldOut, "--n-ctx", "32", "--in-order", "--out", Rows)
            .AssertDone();

        using TokenRows rows = TokenRows.Load(Rows, vocabulary: 300);
        Tokenizer tokenizer = TokenizerFile.Load(Tokenizer);
        Assert.Equal(32, rows.ContextLength);
        Assert.Contains($"{rows.Count} rows", pack.Output, StringComparison.Ordinal);
        Assert.Equal(tokenizer.BosId, rows[0, 0]);

        // The first row must decode to the beginning of the first held-out document.
        string first = (string)JsonNode.Parse(File.ReadLines(Path.Combine(Corpus, "heldout.jsonl")).First())!["text"]!;
        Assert.StartsWith(tokenizer.Decode(rows.Row(0).AsSpan(1)), first, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_builds_the_same_corpus_and_another_does_not()
    {
        BuildCorpus();
        string other = _folder.File("other");
        CommandRun.Of("corpus", "build", "--source", "arithmetic", "--limit", "64K", "--out", other).AssertDone();
        Assert.Equal(File.ReadAllBytes(Path.Combine(Corpus, "train.jsonl")), File.ReadAllBytes(Path.Combine(other, "train.jsonl")));

        CommandRun
            .Of("corpus", "build", "--source", "arithmetic", "--limit", "64K", "--out", other, "--seed", "2", "--overwrite")
            .AssertDone();
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(Corpus, "train.jsonl")), File.ReadAllBytes(Path.Combine(other, "train.jsonl")));
    }

    [Fact]
    public void A_folder_with_a_corpus_is_not_overwritten_unasked()
    {
        BuildCorpus();
        CommandRun
            .Of("corpus", "build", "--source", "arithmetic", "--out", Corpus)
            .AssertRefused(1, "already; give --overwrite to replace them");
    }

    [Fact]
    public void A_bad_file_is_refused_or_left_out_with_a_report_and_a_refused_build_leaves_the_folder_free()
    {
        string texts = _folder.File("texts");
        Directory.CreateDirectory(Path.Combine(texts, "node"));
        for (int i = 0; i < 12; i++)
        {
            File.WriteAllBytes(Path.Combine(texts, $"bad-{i:D2}.txt"), [65, 0xFF]);
            File.WriteAllText(Path.Combine(texts, $"good-{i:D2}.txt"), $"text {i}");
        }

        File.WriteAllText(Path.Combine(texts, "node", "x.txt"), "not wanted");
        string[] build = ["corpus", "build", "--source", texts, "--out", Corpus, "--exclude", "node"];
        CommandRun.Of(build).AssertRefused(1, "bad-00.txt is not UTF-8 text");
        CommandRun run = CommandRun.Of([.. build, "--skip-bad"]).AssertDone();
        Assert.Contains("12 files or lines", run.Output, StringComparison.Ordinal);
        Assert.Contains("and 2 more", run.Output, StringComparison.Ordinal);
        Assert.Equal(12, File.ReadLines(Path.Combine(Corpus, "skipped.txt")).Count());

        CommandRun again = CommandRun.Of([.. build, "--include", "good-*", "--overwrite", "--json"]).AssertDone();
        JsonNode json = JsonNode.Parse(again.Output)!;
        Assert.Empty(json["skipped"]!.AsArray());
        Assert.Equal(12, json["files"]!.AsArray().Where(file => file!["source"] is null).Sum(file => (long)file!["documents"]!));
        Assert.False(File.Exists(Path.Combine(Corpus, "skipped.txt")));
        CommandRun.Of([.. build, "--include", "*.md", "--overwrite"]).AssertRefused(1, "check --include and --exclude");
    }

    [Fact]
    public void Inspect_counts_what_is_piped_in()
    {
        CommandRun run = CommandRun.With("one two two\nthrée", CancellationToken.None, "corpus", "inspect", "-", "--json").AssertDone();
        JsonNode file = JsonNode.Parse(run.Output)!["files"]![0]!;
        Assert.Equal(1, (long)file["documents"]!);
        Assert.Equal(18, (long)file["bytes"]!);
        Assert.Equal(17, (long)file["characters"]!);
        Assert.Equal(4, (long)file["words"]!);
        Assert.Equal(3, (long)file["unique_words"]!);
    }

    [Fact]
    public void Inspect_reads_text_files_and_folders()
    {
        File.WriteAllText(_folder.File("a.txt"), "one");
        File.WriteAllText(_folder.File("b.txt"), "two");
        CommandRun run = CommandRun.Of("corpus", "inspect", _folder.File("a.txt"), _folder.Path, "--json").AssertDone();
        JsonArray files = JsonNode.Parse(run.Output)!["files"]!.AsArray();
        Assert.Equal([1L, 2L], files.Select(file => (long)file!["documents"]!));
    }

    [Fact]
    public void Quiet_prints_nothing()
    {
        BuildCorpus();
        CommandRun run = CommandRun.Of("corpus", "inspect", Path.Combine(Corpus, "train.jsonl"), "--quiet").AssertDone();
        Assert.Equal(("", ""), (run.Output, run.Error));
    }

    [Fact]
    public void Repeated_blocks_follow_the_text()
    {
        BuildCorpus();
        TrainTokenizer();
        string[] common = ["pack", "--tokenizer", Tokenizer, "--n-ctx", "17", "--out", Rows, "--repeats", "5", "--json"];
        CommandRun both = CommandRun.Of([.. common, "--data", HeldOut, "--in-order"]).AssertDone();
        JsonNode json = JsonNode.Parse(both.Output)!;
        using TokenRows rows = TokenRows.Load(Rows);
        Assert.Equal(rows.Count, (int)json["rows"]!);
        Assert.Equal(5, (int)json["repeat_rows"]!);
        Assert.False((bool)json["shuffled"]!);
        for (int position = 9; position < 17; position++)
        {
            Assert.Equal(rows[rows.Count - 1, position - 8], rows[rows.Count - 1, position]);
        }

        CommandRun.Of([.. common, "--repeat-block", "3-3", "--overwrite"]).AssertDone();
        using TokenRows alone = TokenRows.Load(Rows);
        Assert.Equal(5, alone.Count);
        Assert.Equal(alone[2, 1], alone[2, 4]);
    }

    [Fact]
    public void Some_rows_can_be_kept_and_their_tokens_scrambled()
    {
        BuildCorpus();
        TrainTokenizer();
        string[] common = ["pack", "--tokenizer", Tokenizer, "--n-ctx", "17", "--data", HeldOut, "--out", Rows, "--overwrite"];
        int[][] Packed(params string[] more)
        {
            CommandRun.Of([.. common, .. more]).AssertDone();
            using TokenRows rows = TokenRows.Load(Rows);
            return [.. Enumerable.Range(0, rows.Count).Select(rows.Row)];
        }

        int[][] all = Packed();
        int[][] some = Packed("--rows", "6");
        Assert.Equal(all[..6], some);
        int[][] scrambled = Packed("--rows", "6", "--scramble");
        Assert.Equal(some.Select(row => row[0]), scrambled.Select(row => row[0]));
        Assert.Equal(some.Select(row => row.Order()), scrambled.Select(row => row.Order()));
        Assert.All(scrambled.Zip(some), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(all.Length, Packed("--rows", "1000000").Length);
        CommandRun.Of([.. common, "--rows", "0"]).AssertRefused(2, "--rows must be at least 1");
    }

    [Fact]
    public void Rows_are_shuffled_by_the_seed_and_repeats_stand_among_them()
    {
        BuildCorpus();
        TrainTokenizer();
        string[] common = ["pack", "--tokenizer", Tokenizer, "--n-ctx", "17", "--data", HeldOut, "--out", Rows, "--overwrite"];
        string[] Packed(params string[] more)
        {
            CommandRun.Of([.. common, .. more]).AssertDone();
            using TokenRows rows = TokenRows.Load(Rows);
            return Texts(rows);
        }

        string[] first = Packed("--repeats", "200");
        Assert.Equal(first, Packed("--repeats", "200"));
        Assert.NotEqual(first, Packed("--repeats", "200", "--seed", "2"));
        int[] repeats = [.. from row in Enumerable.Range(0, first.Length) where IsRepeat(first[row]) select row];
        Assert.True(repeats.Length >= 200);

        // Uniformly random places have a mean of half the rows, and a standard error of rows/√(12·repeats); five of them are a mistake.
        double error = first.Length / Math.Sqrt(12.0 * repeats.Length);
        Assert.InRange(repeats.Average(), (first.Length / 2.0) - (5 * error), (first.Length / 2.0) + (5 * error));
        Assert.NotEqual(Packed("--in-order"), Packed());
    }

    private static bool IsRepeat(string row)
    {
        string[] ids = row.Split(' ');
        return ids.AsSpan(1, 8).SequenceEqual(ids.AsSpan(9, 8));
    }

    private static string[] Texts(TokenRows rows) => [.. Enumerable.Range(0, rows.Count).Select(row => string.Join(' ', rows.Row(row)))];

    [Fact]
    public void Bad_input_is_refused_before_anything_is_written()
    {
        BuildCorpus();
        CommandRun
            .Of("corpus", "build", "--source", "wikipedia", "--out", _folder.File("new"))
            .AssertRefused(1, "there is no built-in source wikipedia");
        CommandRun
            .Of("tokenizer", "train", "--data", Path.Combine(Corpus, "train.jsonl"), "--vocab", "10", "--out", Tokenizer)
            .AssertRefused(1, "10");
        CommandRun
            .Of("pack", "--tokenizer", Tokenizer, "--repeats", "1", "--n-ctx", "8", "--out", Rows)
            .AssertRefused(1, "tokenizer.json does not exist");
        Assert.Equal(["corpus"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    private void BuildCorpus()
    {
        CommandRun run = CommandRun.Of("corpus", "build", "--source", "arithmetic", "--limit", "64K", "--out", Corpus).AssertDone();
        Assert.Contains("heldout.jsonl", run.Output, StringComparison.Ordinal);
    }

    private void TrainTokenizer() =>
        CommandRun
            .Of("tokenizer", "train", "--data", Path.Combine(Corpus, "train.jsonl"), "--vocab", "300", "--out", Tokenizer)
            .AssertDone();
}

using System.IO.Compression;
using System.Text;
using Curie.Numerics;
using Curie.Tests;
using Curie.Text.Sources;

namespace Curie.Text.Tests.Sources;

public sealed class FileSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_by_which_a_folder_is_kept_are_no_text_and_a_pattern_that_is_not_understood_is_refused()
    {
        File.WriteAllText(_folder.File("a.txt"), "text");
        File.WriteAllText(_folder.File(".curie-files"), "a.txt");

        Assert.Single(new FolderSource(_folder.Path, "mine").Read());
        InputException refused = Assert.Throws<InputException>(() =>
            new FolderSource(_folder.Path, "mine", new TextReading { Include = ["?.txt"] }).Read().ToList()
        );
        Assert.Contains("the pattern ?.txt has a ?, which is not understood", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_gives_its_files_in_ordinal_order_of_their_paths()
    {
        Directory.CreateDirectory(_folder.File("b"));
        File.WriteAllText(_folder.File("c.txt"), "third");
        File.WriteAllText(_folder.File(Path.Combine("b", "z.txt")), "second");
        File.WriteAllText(_folder.File("B.txt"), "\uFEFFfirst");
        File.WriteAllText(_folder.File("skip.bin"), "no");
        Assert.Equal(
            [new Document("first", "mine"), new Document("second", "mine"), new Document("third", "mine")],
            new FolderSource(_folder.Path, "mine", new TextReading { Include = ["*.txt"] }).Read()
        );
        Assert.Equal(Path.GetFileName(_folder.Path), new FolderSource(_folder.Path + Path.DirectorySeparatorChar).Name);
    }

    [Theory]
    [InlineData(new byte[] { 65, 66, 0xFF, 67 }, "0xFF", 2)]
    [InlineData(new byte[] { 0xC3 }, "0xC3", 0)]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 65, 0xED, 0xA0, 0x80 }, "0xED", 4)]
    public void A_file_that_is_not_UTF8_is_refused_with_its_name_and_the_byte(byte[] bytes, string value, int offset)
    {
        File.WriteAllBytes(_folder.File("bad.txt"), bytes);
        Refusal.Says(
            $"{_folder.File("bad.txt")} is not UTF-8 text: bad byte {value} at offset {offset}; convert it to UTF-8 or leave it out.",
            () => new FolderSource(_folder.Path).Read().ToList()
        );
    }

    [Fact]
    public void A_folder_that_is_missing_or_empty_is_refused()
    {
        Refusal.Says($"the folder {_folder.File("none")} does not exist; check the path.", () =>
            new FolderSource(_folder.File("none")).Read().ToList()
        );
        Refusal.Says($"the folder {_folder.Path} holds no file; name a folder with text files in it.", () =>
            new FolderSource(_folder.Path).Read().ToList()
        );
        File.WriteAllText(_folder.File("a.txt"), "text");
        Refusal.Says(
            $"the folder {_folder.Path} holds no file that is included and not excluded; name others, or check `include` and `exclude`.",
            () => new FolderSource(_folder.Path, reading: new TextReading { Include = ["*.md"] }).Read().ToList()
        );
    }

    [Theory]
    [InlineData("", "", "a.md a.txt docs/a.md docs/deep/a.md docs/deep/b.txt node/x.md")]
    [InlineData("*.md", "", "a.md docs/a.md docs/deep/a.md node/x.md")]
    [InlineData("*.md", "node", "a.md docs/a.md docs/deep/a.md")]
    [InlineData("docs/*", "", "docs/a.md")]
    [InlineData("docs/**", "*.txt", "docs/a.md docs/deep/a.md")]
    [InlineData("a.md a.txt", "docs/deep/**", "a.md a.txt docs/a.md")]
    [InlineData("", "docs/ node", "a.md a.txt")]
    public void Globs_choose_the_files_of_a_folder(string include, string exclude, string expected)
    {
        foreach (string file in "a.md a.txt docs/a.md docs/deep/a.md docs/deep/b.txt node/x.md".Split(' '))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllText(_folder.File(file), file);
        }

        TextReading reading = new() { Include = Words(include), Exclude = Words(exclude) };
        Assert.Equal(expected.Split(' '), new FolderSource(_folder.Path, reading: reading).Read().Select(document => document.Text));

        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void A_file_that_several_paths_lead_to_is_read_once_and_a_folder_in_itself_is_entered_once()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_folder.File("b"));
        File.WriteAllText(_folder.File("b/file.txt"), "one");
        File.WriteAllText(_folder.File("b/same.txt"), "one");
        File.CreateSymbolicLink(_folder.File("a.txt"), _folder.File("b/file.txt"));
        Directory.CreateSymbolicLink(_folder.File("c"), _folder.File("b"));
        Directory.CreateSymbolicLink(_folder.File("b/loop"), _folder.Path);
        using (
            System.Diagnostics.Process link = System.Diagnostics.Process.Start("ln", [_folder.File("b/file.txt"), _folder.File("z.txt")])
        )
        {
            link.WaitForExit();
            Assert.Equal(0, link.ExitCode);
        }

        // Another file with the same text is another document.
        Assert.Equal(["one", "one"], new FolderSource(_folder.Path).Read().Select(document => document.Text));
    }

    [Fact]
    public void What_cannot_be_read_is_left_out_where_that_is_asked_for()
    {
        File.WriteAllBytes(_folder.File("a.txt"), [65, 0xFF]);
        File.WriteAllText(_folder.File("b.txt"), "good");
        File.WriteAllText(_folder.File("c.jsonl"), "{\"text\": \"first\"}\n{\"text\": 3}\nnone\n{\"text\": \"last\"}\n");
        File.WriteAllBytes(_folder.File("d.txt.gz"), [0x1F, 0x8B, 8, 0]);
        List<string> reasons = [];
        TextReading reading = new() { LeaveOut = error => reasons.Add(error.Message) };
        Assert.Equal(["good", "first", "last"], new FolderSource(_folder.Path, reading: reading).Read().Select(document => document.Text));
        Assert.Equal(4, reasons.Count);
        Assert.Contains("a.txt is not UTF-8 text", reasons[0], StringComparison.Ordinal);
        Assert.Contains("c.jsonl, line 2 has no string", reasons[1], StringComparison.Ordinal);
        Assert.Contains("c.jsonl, line 3", reasons[2], StringComparison.Ordinal);
        Assert.Contains("d.txt.gz", reasons[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pile.train.jsonl")]
    [InlineData("pile.train.jsonl.gz")]
    public void JSON_Lines_give_a_document_a_line_and_the_set_it_names(string name)
    {
        Write(
            name,
            "\uFEFF{\"text\": \"a\\nb\u2028c\", \"meta\": {\"pile_set_name\": \"Github\"}}\r\n\n{\"meta\": null, \"text\": "
                + "\"é\\ud83d\\ude00\"}"
        );
        JsonLinesSource source = new(_folder.File(name));
        Assert.Equal([new Document("a\nb\u2028c", "Github"), new Document("é😀", "pile")], source.Read());
        Assert.Equal(source.Read(), source.Read());
    }

    [Fact]
    public void Long_and_short_lines_both_come_whole()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), i % 7 == 0 ? 40_000 + i : i))];
        Write("a.jsonl", string.Join('\n', texts.Select(text => $"{{\"text\": \"{text}\"}}")));
        Assert.Equal(texts, new JsonLinesSource(_folder.File("a.jsonl")).Read().Select(document => document.Text));
    }

    [Fact]
    public void Another_column_can_hold_the_text()
    {
        Write("a.jsonl", "{\"contents\": \"here\"}");
        Assert.Equal("here", Assert.Single(new JsonLinesSource(_folder.File("a.jsonl"), column: "contents").Read()).Text);
    }

    [Theory]
    [InlineData("{\"text\": \"open", "is not valid JSON (near byte 14); every line must be one complete JSON object.")]
    [InlineData("[1]", "is not a JSON object; every line must be one, like {\"text\": \"...\"}.")]
    [InlineData("{\"body\": \"x\"}", "has no string \"text\"; name the `column` that holds the text.")]
    [InlineData("{\"text\": 3}", "has no string \"text\"; name the `column` that holds the text.")]
    [InlineData("{\"text\": \"\\ud800\"}", "holds text that is not valid Unicode; re-encode the file as UTF-8 without lone surrogates.")]
    public void A_bad_line_is_refused_with_its_file_and_number(string line, string complaint)
    {
        Write("a.jsonl", "{\"text\": \"good\"}\n\n" + line + "\n");
        Refusal.Says($"{_folder.File("a.jsonl")}, line 3 {complaint}", () => new JsonLinesSource(_folder.File("a.jsonl")).Read().ToList());
    }

    [Fact]
    public void A_file_that_is_missing_or_not_gzip_or_cut_off_is_refused()
    {
        Refusal.Says($"{_folder.File("none.jsonl")} does not exist; check the path.", () =>
            new JsonLinesSource(_folder.File("none.jsonl")).Read().ToList()
        );
        string path = _folder.File("a.jsonl.gz");
        File.WriteAllText(path, "{\"text\": \"plain\"}");
        Refusal.Says($"{path} is not a whole gzip file; fetch or compress it again.", () => new JsonLinesSource(path).Read().ToList());
        Write("a.jsonl.gz", string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"text\": \"{i * 7919 % 10007}\"}}\n")));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2000]);
        Refusal.Says($"{path} is not a whole gzip file; fetch or compress it again.", () => new JsonLinesSource(path).Read().ToList());
    }

    [Fact]
    public void Gzip_is_whole_or_refused_wherever_it_is_cut()
    {
        byte[] first = Gzip("{\"text\": \"one\"}\n", flush: true);
        byte[] second = Gzip("{\"text\": \"two\"}\n", flush: false);
        byte[] whole = [.. first, .. second];
        string path = _folder.File("a.jsonl.gz");
        for (int length = 1; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            List<Document> Read() => [.. new JsonLinesSource(path).Read()];
            if (length == first.Length || length == whole.Length)
            {
                Assert.Equal(length == whole.Length ? 2 : 1, Read().Count);
            }
            else
            {
                Refusal.Says($"{path} is not a whole gzip file; fetch or compress it again.", Read);
            }
        }

        File.WriteAllBytes(path, [.. whole, .. "garbage"u8]);
        Refusal.Says($"{path} is not a whole gzip file; fetch or compress it again.", () => new JsonLinesSource(path).Read().ToList());
        File.WriteAllBytes(path, []);
        Refusal.Says($"{path} is empty, which no compressed file is; fetch or compress it again.", () =>
            new JsonLinesSource(path).Read().ToList()
        );
    }

    [Fact]
    public void Zstandard_is_read_whole_or_refused()
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"{i * 7919L % 10007} é")];
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', texts.Select(line => $"{{\"text\": \"{line}\"}}")));
        using ZstdSharp.Compressor compressor = new();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        byte[] whole = compressor.Wrap(text).ToArray();
        string path = _folder.File("00.jsonl.zst");
        File.WriteAllBytes(path, whole);
        Assert.Equal(texts, CorpusSource.Open(path).Read().Select(document => document.Text));
        Assert.Equal("00", CorpusSource.Open(path).Name);
        foreach (int length in (int[])[3, 4, 10, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(path, whole[..length]);
            Refusal.Says($"{path} is not a whole zstd file; fetch or compress it again.", () => CorpusSource.Open(path).Read().ToList());
        }

        whole[whole.Length / 2] ^= 1;
        File.WriteAllBytes(path, whole);
        Assert.Throws<InputException>(() => CorpusSource.Open(path).Read().ToList());
    }

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.ndjson")]
    [InlineData("a.JL")]
    [InlineData("a.json")]
    [InlineData("a.txt")]
    [InlineData("a")]
    [InlineData("a.json.gz")]
    [InlineData("a.gz")]
    public void JSON_Lines_are_told_by_name_or_content(string name)
    {
        Write(name, "\uFEFF\n{\"text\": \"one\"}\n{\"text\": \"two\", \"meta\": {}}\n");
        Document[] documents = [new("one", "a"), new("two", "a")];
        Assert.Equal(documents, CorpusSource.Open(_folder.File(name)).Read());
        Assert.Equal(documents.Select(document => document.Text), new FolderSource(_folder.Path).Read().Select(document => document.Text));
        using FileStream piped = File.OpenRead(_folder.File(name));
        Assert.Equal(documents.Select(document => document.Text), new StandardInputSource(piped).Read().Select(document => document.Text));
        Assert.Single(CorpusSource.Open(_folder.File(name), new TextReading { Format = TextFormat.Plain }).Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("{\n  \"text\": \"a pretty-printed file\"\n}\n")]
    [InlineData("{\"settings\": 3}\n")]
    [InlineData("{ int i = 0; }\n{ int j = 1; }\n")]
    [InlineData("[1, 2]\n[3]\n")]
    public void Other_text_is_one_document(string text)
    {
        Write("a.json", text);
        Assert.Equal([new Document(text, "a")], CorpusSource.Open(_folder.File("a.json")).Read());
    }

    [Fact]
    public void JSON_Lines_without_the_column_are_refused_in_place_of_read_as_text()
    {
        Write("a.json", "{\"content\": \"one\"}\n{\"content\": \"two\"}\n");
        string path = _folder.File("a.json");
        Refusal.Says(
            $"{path} looks like JSON Lines, but its first line has no string \"text\"; name the `column` that holds the text, or say that it "
                + "is one plain document (`format`).",
            () => CorpusSource.Open(path).Read().ToList()
        );
        Assert.Equal(
            ["one", "two"],
            CorpusSource.Open(path, new TextReading { Column = "content" }).Read().Select(document => document.Text)
        );
    }

    [Fact]
    public void A_long_first_line_is_still_recognised()
    {
        string text = new('a', 300_000);
        Write("a.txt", $"{{\"text\": \"{text}\"}}\n{{\"text\": \"b\"}}");
        Assert.Equal([text, "b"], CorpusSource.Open(_folder.File("a.txt")).Read().Select(document => document.Text));
    }

    [Fact]
    public void Standard_input_is_one_document_or_JSON_Lines()
    {
        Assert.Equal([new Document("a\nb\n", "stdin")], new StandardInputSource(Piped("a\nb\n")).Read());
        Assert.Equal(
            [new Document("a", "stdin"), new Document("b", "stdin")],
            new StandardInputSource(Piped("{\"text\":\"a\"}\n{\"text\":\"b\"}")).Read()
        );
        Refusal.Says("standard input is empty; pipe text into the command or name a file.", () =>
            new StandardInputSource(Piped("")).Read().ToList()
        );
        Refusal.Says("standard input, line 1 is not a JSON object; every line must be one, like {\"text\": \"...\"}.", () =>
            new StandardInputSource(Piped("3"), new TextReading { Format = TextFormat.JsonLines }).Read().ToList()
        );
    }

    private static MemoryStream Piped(string text) => new(Encoding.UTF8.GetBytes(text));

    private static byte[] Gzip(string text, bool flush)
    {
        using MemoryStream bytes = new();
        using (GZipStream stream = new(bytes, CompressionLevel.Optimal))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            if (flush)
            {
                stream.Flush();
            }
        }

        return bytes.ToArray();
    }

    private void Write(string name, string content)
    {
        using Stream file = File.Create(_folder.File(name));
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(content));
    }
}

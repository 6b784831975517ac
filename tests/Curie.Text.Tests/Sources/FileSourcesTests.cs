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
    public void A_folder_gives_its_files_in_ordinal_order_of_their_paths()
    {
        Directory.CreateDirectory(_folder.File("b"));
        File.WriteAllText(_folder.File("c.txt"), "third");
        File.WriteAllText(_folder.File(Path.Combine("b", "z.txt")), "second");
        File.WriteAllText(_folder.File("B.txt"), "\uFEFFfirst");
        File.WriteAllText(_folder.File("skip.bin"), "no");
        Assert.Equal(
            [new Document("first", "mine"), new Document("second", "mine"), new Document("third", "mine")],
            new FolderSource(_folder.Path, "mine", "*.txt").Read()
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
        Refusal.Says($"the folder {_folder.Path} holds no file that matches *.md; name a folder with text files in it.", () =>
            new FolderSource(_folder.Path, pattern: "*.md").Read().ToList()
        );
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
    [InlineData("{\"body\": \"x\"}", "has no string \"text\"; name the column that holds the text.")]
    [InlineData("{\"text\": 3}", "has no string \"text\"; name the column that holds the text.")]
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
        string message = Assert.Throws<InputException>(() => new JsonLinesSource(path).Read().Count()).Message;
        Assert.Matches(@"line \d+ is not valid JSON", message);
    }

    [Fact]
    public void Standard_input_is_one_document_or_JSON_Lines()
    {
        Assert.Equal([new Document("a\nb\n", "stdin")], new StandardInputSource(Piped("a\nb\n")).Read());
        Assert.Equal(
            [new Document("a", "stdin"), new Document("b", "stdin")],
            new StandardInputSource(Piped("{\"text\":\"a\"}\n{\"text\":\"b\"}"), jsonLines: true).Read()
        );
        Refusal.Says("standard input is empty; pipe text into the command or name a file.", () =>
            new StandardInputSource(Piped("")).Read().ToList()
        );
        Refusal.Says("standard input, line 1 is not a JSON object; every line must be one, like {\"text\": \"...\"}.", () =>
            new StandardInputSource(Piped("3"), jsonLines: true).Read().ToList()
        );
    }

    private static MemoryStream Piped(string text) => new(Encoding.UTF8.GetBytes(text));

    private void Write(string name, string content)
    {
        using Stream file = File.Create(_folder.File(name));
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(content));
    }
}

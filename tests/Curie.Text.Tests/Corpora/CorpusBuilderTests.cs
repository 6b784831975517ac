using System.Text;
using Curie.Tests;
using Curie.Text.Corpora;
using Curie.Text.Sources;

namespace Curie.Text.Tests.Corpora;

public sealed class CorpusBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_document_is_in_one_file_of_its_source_and_in_one_combined_file(bool compress)
    {
        Memory a = new("a", 300, "first");
        Memory b = new("b", 200, "naïve \"quoted\"\n\u2028😀");
        IReadOnlyList<CorpusFile> files = CorpusBuilder.Build(
            new CorpusMix { Parts = [new(a), new(b)], Compress = compress },
            _folder.File("out")
        );
        string end = compress ? ".jsonl.gz" : ".jsonl";
        Assert.Equal(
            ["a.train", "a.heldout", "b.train", "b.heldout", "train", "heldout"],
            files.Select(file => Path.GetFileName(file.Path).Replace(end, "", StringComparison.Ordinal))
        );
        Assert.Equal(
            files.Select(file => Path.GetFileName(file.Path)).Order(),
            Directory.EnumerateFiles(_folder.File("out")).Select(Path.GetFileName).Order()
        );
        List<Document>[] read = [.. files.Select(file => new JsonLinesSource(file.Path).Read().ToList())];
        Assert.Equal(Sorted(a.Read()), Sorted(read[0].Concat(read[1])));
        Assert.Equal(Sorted(b.Read()), Sorted(read[2].Concat(read[3])));
        Assert.Equal(Sorted(read[0].Concat(read[2])), Sorted(read[4]));
        Assert.Equal(Sorted(read[1].Concat(read[3])), Sorted(read[5]));
        Assert.Equal(files.Select(file => file.Documents), read.Select(documents => (long)documents.Count));
        Assert.Equal(
            files.Select(file => file.Bytes),
            read.Select(documents => documents.Sum(document => (long)Encoding.UTF8.GetByteCount(document.Text)))
        );

        // 500 documents at 0.1: mean 50, binomial s.d. 6.7; four of them.
        Assert.InRange(read[5].Count, 23, 77);
    }

    [Fact]
    public void The_files_depend_on_the_seed_and_not_on_the_order_of_documents()
    {
        byte[] once = Build(new Memory("a", 50, "x"), 1);
        Assert.Equal(once, Build(new Memory("a", 50, "x", reverse: true), 1));
        Assert.NotEqual(once, Build(new Memory("a", 50, "x"), 2));
    }

    [Fact]
    public void A_limit_keeps_a_sample_that_fits_and_is_the_same_in_any_order()
    {
        CorpusMix Mix(bool reverse) => new() { Parts = [new(new Memory("a", 500, "word", reverse), 1000)], HeldOut = 0 };
        CorpusFile file = CorpusBuilder.Build(Mix(false), _folder.File("one"))[0];
        CorpusBuilder.Build(Mix(true), _folder.File("two"));
        Assert.InRange(file.Bytes, 900, 1000);
        Assert.Equal(File.ReadAllBytes(file.Path), File.ReadAllBytes(_folder.File("two/a.train.jsonl")));
        Assert.Contains(new JsonLinesSource(file.Path).Read(), document =>
            document.Text.EndsWith(" 400", StringComparison.Ordinal)
            || int.Parse(document.Text[^3..].Trim(), System.Globalization.CultureInfo.InvariantCulture) > 250
        );
    }

    [Fact]
    public void Equal_texts_never_stand_on_both_sides_and_both_sides_have_text()
    {
        Memory twice = new("a", 3, "same", repeat: 4);
        IReadOnlyList<CorpusFile> files = CorpusBuilder.Build(new CorpusMix { Parts = [new(twice)], HeldOut = 0.01 }, _folder.File("out"));
        Assert.Empty(new JsonLinesSource(files[0].Path).Read().Intersect(new JsonLinesSource(files[1].Path).Read()));
        Assert.Equal(4, files[1].Documents);
    }

    [Fact]
    public void Refuses_a_mix_that_makes_no_sense()
    {
        Memory a = new("a", 2, "x");
        Build("a corpus needs at least one source; name one.", new CorpusMix { Parts = [] });
        Build("two sources are called A; give one of them another name.", new CorpusMix { Parts = [new(a), new(new Memory("A", 1, "x"))] });
        Build("a held-out share of 1 makes no sense; give 0 or more, and less than 1.", new CorpusMix { Parts = [new(a)], HeldOut = 1 });
        Build(
            "a source cannot be called \"a/b\", because its files could not; give it another name.",
            new CorpusMix { Parts = [new(new Memory("a/b", 1, "x"))] }
        );
        Build("a limit of 0 bytes on a keeps nothing; give at least 1 or leave the source out.", new CorpusMix { Parts = [new(a, 0)] });
        Build("no document of a fits its limit of 2 bytes; raise the limit.", new CorpusMix { Parts = [new(a, 2)] });
        Build("the source e has no text; leave it out or give it some.", new CorpusMix { Parts = [new(new Memory("e", 0, ""))] });
        Assert.False(Directory.Exists(_folder.File("none")));
    }

    [Fact]
    public void A_summary_counts_what_is_there()
    {
        CorpusSummary summary = CorpusSummary.Of([new("", "s"), new("the cat\nthe é", "s"), new("😀 cat", "s")]);
        Assert.Equal(new CorpusSummary(3, 14 + 8, 13 + 5, 6, 4, 14, "the cat\nthe é"), summary);
    }

    private byte[] Build(Memory source, long seed)
    {
        CorpusBuilder.Build(new CorpusMix { Parts = [new(source)], Seed = seed }, _folder.File("out"));
        return File.ReadAllBytes(_folder.File("out/train.jsonl"));
    }

    private void Build(string complaint, CorpusMix mix) => Refusal.Says(complaint, () => CorpusBuilder.Build(mix, _folder.File("none")));

    private static IEnumerable<string> Sorted(IEnumerable<Document> documents) =>
        documents.Select(document => $"{document.Source}: {document.Text}").Order(StringComparer.Ordinal);

    private sealed class Memory(string name, int count, string text, bool reverse = false, int repeat = 1) : ICorpusSource
    {
        public string Name => name;

        public IEnumerable<Document> Read()
        {
            IEnumerable<int> numbers = Enumerable.Range(0, count * repeat);
            return (reverse ? numbers.Reverse() : numbers).Select(i => new Document($"{text} {i % count}", name));
        }
    }
}

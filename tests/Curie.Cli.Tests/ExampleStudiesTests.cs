using System.Text.Json.Nodes;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>
/// The studies of examples, from their first command to their page, on models and samples that are too small to say anything. Two are
/// elsewhere: that of the demo in <see cref="Commands.DemoCommandTests"/>, which makes a demo, and that of a cluster beside its engines.
/// </summary>
public sealed class ExampleStudiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Own_text_becomes_a_page_and_what_is_there_is_kept()
    {
        ExampleScript.CopyText("docs", "*.md", _folder.File("prose"));
        ExampleScript.CopyText("tests/Shared", "*.cs", _folder.File("code"));
        File.WriteAllBytes(_folder.File("code/picture.png"), [0x89, 0x50, 0x4E, 0x47, 0xFF]);

        OwnCorpus();

        Assert.Contains("picture.png", File.ReadAllText(_folder.File("out/corpus/skipped.txt")), StringComparison.Ordinal);
        Assert.Contains("</html>", File.ReadAllText(_folder.File("out/report.html")), StringComparison.Ordinal);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(_folder.File("out/chi/manifest.json")))!;
        Assert.Equal(["code", "prose", "repeats"], manifest["probe_names"]!.AsArray().Select(name => $"{name}").Order());
        DateTime sampled = File.GetLastWriteTimeUtc(_folder.File("out/chi/susceptibility.npz"));
        OwnCorpus();
        Assert.Equal(sampled, File.GetLastWriteTimeUtc(_folder.File("out/chi/susceptibility.npz")));
    }

    [Fact]
    public void A_model_is_written_as_Hugging_Face_and_measured_where_it_lies()
    {
        string output = ExampleScript.Run(
            "huggingface/run",
            [_folder.File("out")],
            ("LIMIT", "64K"),
            ("STEPS", "10"),
            ("DRAWS", "4"),
            ("ROWS", "2")
        );

        JsonNode configuration = JsonNode.Parse(File.ReadAllText(_folder.File("out/gpt2/config.json")))!;
        Assert.Equal("gpt2", (string?)configuration["model_type"]);
        Assert.True(File.Exists(_folder.File("out/gpt2/tokenizer.json")));
        Assert.Matches(@"family +GPT-2", output);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(_folder.File("out/chi/manifest.json")))!;
        Assert.Equal(10, manifest["components"]!.AsArray().Count);
        Assert.Contains("</html>", File.ReadAllText(_folder.File("out/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_run_is_followed_to_its_stages_and_a_page()
    {
        ExampleScript.Run(
            "development/run",
            [_folder.File("out")],
            ("LIMIT", "64K"),
            ("STEPS", "24"),
            ("LOG", "0"),
            ("LINEAR", "7"),
            ("DRAWS", "2"),
            ("ROWS", "2"),
            ("SAMPLES", "10")
        );

        JsonNode stages = JsonNode.Parse(File.ReadAllText(_folder.File("out/stages/stages.json")))!;
        Assert.Equal(9, stages["curves"]!.AsArray().Count);
        Assert.Contains("</html>", File.ReadAllText(_folder.File("out/report.html")), StringComparison.Ordinal);
    }

    private void OwnCorpus() =>
        ExampleScript.Run(
            "own-corpus/run",
            [_folder.File("out"), _folder.File("prose"), _folder.File("code")],
            ("LIMIT", "100K"),
            ("VOCABULARY", "300"),
            ("N_CTX", "48"),
            ("REPEATS", "50"),
            ("STEPS", "10"),
            ("WIDTH", "4"),
            ("DRAWS", "4"),
            ("ROWS", "2"),
            ("PAIRS", "4"),
            ("SAMPLES", "10")
        );
}

namespace Curie.Cli.Tests.Commands;

/// <summary>The model and the rows that a run's manifest names are read with the run, and never written over.</summary>
public sealed class NamedInputsTests(ExampleFiles files) : IClassFixture<ExampleFiles>
{
    [Theory]
    [InlineData("scores RUN --samples 10 --overwrite --csv", "model")]
    [InlineData("structure RUN --overwrite --csv", "model")]
    [InlineData("compare RUN RUN --overwrite --csv", "model")]
    [InlineData("perturb RUN --probe text --components l0h0 --shares 0.1 --overwrite --out", "heldout.npy")]
    [InlineData("report RUN --overwrite --out", "model/checkpoint-1000/model.safetensors")]
    [InlineData("design RUN --mode 1 --probe text --overwrite --out", "model/checkpoint-1000/config.npy")]
    [InlineData("design RUN --mode 1 --probe text --overwrite --out", "train.npy")]
    public void They_are_refused_as_outputs_and_kept(string command, string output)
    {
        // A folder that a training wrote, as far as its ledger tells.
        File.WriteAllLines(
            files.PathOf("model/.curie-files"),
            Directory.GetFiles(files.PathOf("model/checkpoint-1000")).Select(file => $"checkpoint-1000/{Path.GetFileName(file)}")
        );
        string[] kept = [.. Directory.GetFiles(files.PathOf("model/checkpoint-1000")).Append(files.PathOf("train.npy"))];
        byte[][] before = [.. kept.Select(File.ReadAllBytes)];

        CommandRun
            .Of([.. command.Replace("RUN", files.PathOf("runs/chi"), StringComparison.Ordinal).Split(' '), files.PathOf(output)])
            .AssertRefused(1, "and would be lost");

        Assert.Equal(before, kept.Select(File.ReadAllBytes));
    }

    [Fact]
    public void So_are_the_patterns_of_a_design_and_the_file_beside_the_weights_of_a_page()
    {
        string patterns = files.PathOf("patterns.yaml");
        File.WriteAllText(patterns, CommandRun.Of("patterns").AssertDone().Output);
        string weights = files.PathOf("kept.npy");
        string[] design = ["design", files.PathOf("runs/chi"), "--mode", "1", "--probe", "text", "--overwrite"];

        CommandRun.Of([.. design, "--patterns", patterns, "--out", patterns]).AssertRefused(1, "and would be lost");
        CommandRun.Of([.. design, "--out", weights]).AssertDone();
        CommandRun
            .Of("report", files.PathOf("runs/chi"), "--design", weights, "--overwrite", "--out", files.PathOf("kept.json"))
            .AssertRefused(1, "and would be lost");
    }

    [Theory]
    [InlineData("--amount 1e308", 1, "ask for a smaller --amount or --spread")]
    [InlineData("--spread 1e300 --negative keep", 1, "ask for a smaller --amount or --spread")]
    [InlineData("--amount abc", 2, "'abc' is no size")]
    [InlineData("--spread inf", 2, "'inf' is no size")]
    [InlineData("--amount 0", 2, "'0' is no size")]
    [InlineData("--amount 1 --spread 1", 2, "not both")]
    [InlineData("--tokens -3", 2, "--tokens must be 0 or more")]
    public void A_design_of_no_sensible_size_is_refused_and_writes_nothing(string options, int exitCode, string words)
    {
        string weights = files.PathOf("never.npy");

        CommandRun
            .Of(["design", files.PathOf("runs/chi"), "--mode", "1", "--probe", "text", "--out", weights, .. options.Split(' ')])
            .AssertRefused(exitCode, words);

        Assert.False(File.Exists(weights));
    }
}

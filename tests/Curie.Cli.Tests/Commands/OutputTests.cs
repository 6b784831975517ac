using System.Diagnostics;
using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>Where commands write: never over what they read, into devices and pipes, through links, and never to an empty name.</summary>
public sealed class OutputTests(ExampleFiles files) : IClassFixture<ExampleFiles>
{
    /// <summary>Command lines whose output is one of their inputs.</summary>
    public static TheoryData<string> OntoInputs { get; } =
    [
        "tokenizer train --data corpus/train.jsonl --out corpus/train.jsonl",
        "pack --tokenizer tokenizer.json --data corpus/train.jsonl --n-ctx 32 --out corpus/train.jsonl",
        "pack --tokenizer tokenizer.json --data corpus/train.jsonl --n-ctx 32 --out tokenizer.json",
        "pack --tokenizer tokenizer.json --data corpus --n-ctx 32 --out corpus/heldout.jsonl",
        "mix train.npy heldout.npy --out heldout.npy",
        "loss --model model/checkpoint-1000 --tokens heldout.npy --out heldout.npy",
        "loss --model model/checkpoint-1000 --tokens heldout.npy --out model/checkpoint-1000/config.json",
        "calibrate --config experiment.yaml --out experiment.yaml",
        "calibrate --model model/checkpoint-1000 --data train.npy --out model/checkpoint-1000/model.safetensors",
        "llc --model model/checkpoint-1000 --data train.npy --component l0h0 --out train.npy",
        "perturb runs/chi --probe text --out runs/chi/manifest.json",
        "report runs/chi --out runs/chi/susceptibility.npz",
        "corpus build --source corpus/train.jsonl --out corpus",
        "susceptibility --config experiment.yaml --model runs/pile/checkpoint-10 --out runs/pile",
        "llc --model runs/pile --data train.npy --component l0h0 --out runs/pile",
        "scan --model runs/pile/checkpoint-10 --probe heldout.npy --out runs/pile",
        "scores runs/pile --data heldout.npy --out runs/pile",
        "scores runs/chi --csv runs/chi",
        "structure runs/chi --csv runs/chi",
        "stages runs/llc/llc.csv --out runs/llc",
        "model convert runs/pile/checkpoint-10 --to curie --out runs/pile",
        "regression evaluate --run runs/regression --out runs/regression",
    ];

    /// <summary>Command lines that lack the name of what they read or write.</summary>
    public static TheoryData<string> WithoutNames { get; } =
    [
        "loss --model model --tokens heldout.npy --out",
        "loss --out l.npy --tokens heldout.npy --model",
        "loss --model model --out l.npy --tokens",
        "pack --n-ctx 8 --out a.npy --repeats 2 --tokenizer",
        "pack --n-ctx 8 --out a.npy --tokenizer tokenizer.json --data",
        "train --config",
        "susceptibility --config experiment.yaml --out",
        "corpus build --source arithmetic --out",
        "corpus build --out corpus --source",
        "corpus inspect",
        "structure",
        "report --out a.html",
    ];

    [Theory]
    [MemberData(nameof(OntoInputs))]
    public void What_a_command_reads_is_never_written_over(string arguments)
    {
        using TemporaryFolder folder = new();
        string[] words = arguments.Split(' ');
        files.CopyEverything(folder.Path);
        Dictionary<string, string> before = Contents(folder.Path);

        CommandRun run = BuiltProgram.Run(folder.Path, [.. words, "--overwrite"]);

        run.AssertRefused(1, "");
        Assert.Matches("is read to make what is to be written|is where the model itself lies", run.Error);
        Dictionary<string, string> after = Contents(folder.Path);
        Assert.Equal(before, after);
    }

    [Theory]
    [MemberData(nameof(WithoutNames))]
    public void An_empty_name_is_refused(string arguments) =>
        CommandRun.Of([.. arguments.Split(' '), ""]).AssertRefused(2, "is empty; give it a value, or leave it out.");

    [Fact]
    public async Task Devices_and_pipes_are_written_into()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryFolder folder = new();
        string[] arguments = ["mix", "train.npy", "heldout.npy"];
        files.CopyInputs(arguments, folder.Path);
        BuiltProgram.Run(folder.Path, [.. arguments, "--out", "/dev/null"]).AssertDone();
        Assert.True(File.GetAttributes("/dev/null").HasFlag(FileAttributes.Device) || new FileInfo("/dev/null").Length == 0);

        BuiltProgram.Run(folder.Path, [.. arguments, "--out", "mixed.npy"]).AssertDone();
        using (Process made = Process.Start("mkfifo", [folder.File("pipe")]))
        {
            made.WaitForExit();
        }

        Task<byte[]> read = Task.Run(() =>
        {
            using FileStream pipe = File.OpenRead(folder.File("pipe"));
            using MemoryStream bytes = new();
            pipe.CopyTo(bytes);
            return bytes.ToArray();
        });
        BuiltProgram.Run(folder.Path, [.. arguments, "--out", "pipe"]).AssertDone();
        Assert.Equal(File.ReadAllBytes(folder.File("mixed.npy")), await read);
    }

    [Fact]
    public void Any_file_is_replaced_when_asked()
    {
        using TemporaryFolder folder = new();
        string[] arguments = ["mix", "train.npy", "heldout.npy"];
        files.CopyInputs(arguments, folder.Path);
        File.WriteAllText(folder.File("target"), "somebody else's");
        File.CreateSymbolicLink(folder.File("link"), "target");
        BuiltProgram.Run(folder.Path, [.. arguments, "--out", "link"]).AssertRefused(1, "give --overwrite to replace it");
        BuiltProgram.Run(folder.Path, [.. arguments, "--out", "link", "--overwrite"]).AssertDone();
        Assert.Equal("target", new FileInfo(folder.File("link")).LinkTarget);
        Assert.StartsWith("\u0093NUMPY", File.ReadAllText(folder.File("target"), System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pack --tokenizer tokenizer.json --data <(cat corpus/train.jsonl) --n-ctx 32 --out out.npy", "train.npy")]
    [InlineData("pack --tokenizer <(cat tokenizer.json) --data corpus/train.jsonl --n-ctx 32 --out out.npy", "train.npy")]
    [InlineData("pack --tokenizer tokenizer.json --data - --n-ctx 32 --out out.npy < corpus/train.jsonl", "train.npy")]
    [InlineData("cat corpus/train.jsonl | gzip | pack --tokenizer tokenizer.json --data - --n-ctx 32 --out out.npy", "train.npy")]
    [InlineData("cat corpus/train.jsonl | pack --tokenizer tokenizer.json --data /dev/stdin --n-ctx 32 --out out.npy", "train.npy")]
    [InlineData("mix <(cat train.npy) <(cat heldout.npy) --out out.npy", null)]
    [InlineData("loss --model model/checkpoint-1000 --tokens <(cat heldout.npy) --out out.npy", null)]
    [InlineData("cat heldout.npy | loss --model model/checkpoint-1000 --tokens /dev/stdin --out out.npy", null)]
    [InlineData("loss --model <(cat model/checkpoint-1000/model.safetensors) --tokens heldout.npy --out out.npy", "configuration")]
    public void What_the_shell_pipes_in_under_a_name_is_read(string command, string? same)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryFolder folder = new();
        files.CopyEverything(folder.Path);
        int place = command.LastIndexOf("| ", StringComparison.Ordinal) is var pipe and > 0 ? pipe + 2 : 0;
        using Process shell = BuiltProgram.Shell(folder.Path, command[..place], command[place..]);
        string error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        if (same == "configuration")
        {
            Assert.Equal(1, shell.ExitCode);
            Assert.Contains("config.json", error, StringComparison.Ordinal);
            return;
        }

        Assert.True(shell.ExitCode == 0, error);
        Assert.True(File.Exists(folder.File("out.npy")));
        if (same is not null)
        {
            Assert.Equal(File.ReadAllBytes(folder.File(same)), File.ReadAllBytes(folder.File("out.npy")));
        }
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith(".curie-", StringComparison.Ordinal))
            .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}

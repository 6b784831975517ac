using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>Studies cut into shards and run as processes of this machine.</summary>
public sealed class ShardCommandsTests(ExampleFiles files) : IClassFixture<ExampleFiles>
{
    private static readonly string[] RunFiles = ["manifest.json", "susceptibility.npz", "batches.npz"];

    [Fact]
    public void Susceptibilities_in_shards_have_the_bytes_of_one_process_and_status_says_how_they_stand()
    {
        using TemporaryFolder folder = new();
        string[] experiment = ["--config", "experiment.yaml"];
        files.CopyInputs(experiment, folder.Path);
        Run(0, ["susceptibility", .. experiment, "--out", "whole"]);
        string[] submit = ["submit", "susceptibility", .. experiment, "--out", "cut", "--shards", "3", "--engine", "local", "--cpus", "1"];
        Assert.Contains("curie", Run(0, [.. submit, "--dry-run"]).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("cut")));

        Run(0, [.. submit, "--jobs", "2"]);
        Assert.All(RunFiles, name =>
            Assert.Equal(File.ReadAllBytes(folder.File($"whole/{name}")), File.ReadAllBytes(folder.File($"cut/{name}")))
        );
        Assert.Contains("of 3 shards 3 done", Run(0, ["status", "cut"]).Output, StringComparison.Ordinal);
        Assert.Contains("was merged already", Run(0, ["merge", "cut"]).Output, StringComparison.Ordinal);
        Run(0, [.. submit, "--resume"]);
        Assert.Contains(
            "was cut into shards",
            Run(1, ["susceptibility", .. experiment, "--out", "cut", "--resume"]).Error,
            StringComparison.Ordinal
        );
        Assert.Contains("holds a run already", Run(1, submit).Error, StringComparison.Ordinal);
        Assert.Contains("another configuration", Run(1, [.. submit, "--seed", "8", "--resume"]).Error, StringComparison.Ordinal);

        CommandRun Run(int code, string[] arguments)
        {
            CommandRun run = BuiltProgram.Run(folder.Path, arguments);
            Assert.True(run.ExitCode == code, $"{string.Join(' ', arguments)}: exit code {run.ExitCode}: {run.Error} {run.Output}");
            return run;
        }
    }

    [Fact]
    public void Coefficients_in_shards_have_the_bytes_of_one_process_and_a_shard_that_is_missing_is_named()
    {
        using TemporaryFolder folder = new();
        string[] study =
        [
            "--model",
            "runs/pile",
            "--data",
            "pile.npy",
            "--on",
            "github=github.npy",
            "--component",
            "full",
            "--component",
            "heads",
            "--step-size",
            "1e-3",
            "--nbeta",
            "30",
            "--localization",
            "300",
            "--draws",
            "4",
            "--burn-in",
            "4",
            "--loss-rows",
            "8",
        ];
        files.CopyInputs(study, folder.Path);
        study =
        [
            .. study.Select(word =>
                Path.Exists(folder.File(word)) ? folder.File(word) : word.Replace("=", $"={folder.Path}/", StringComparison.Ordinal)
            ),
        ];
        Run(3, ["llc", .. study, "--out", "whole"]);
        Run(
            0,
            [
                "submit",
                "llc",
                .. study,
                "--out",
                "cut",
                "--shards",
                "4",
                "--engine",
                "kubernetes",
                "--image",
                "curie:1",
                "--claim",
                "runs",
                "--mount",
                Path.GetDirectoryName(folder.Path)!,
            ]
        );
        Assert.Contains(
            "shards are not done (0-3)".Replace("shards", "4 shards of 4", StringComparison.Ordinal),
            Run(1, ["merge", "cut"]).Error,
            StringComparison.Ordinal
        );
        foreach (string index in (string[])["3", "1", "0"])
        {
            Run(0, ["shard", "cut", "--index", index, "--threads", "1"]);
        }

        Assert.Contains("done already", Run(0, ["shard", "cut", "--index", "1"]).Output, StringComparison.Ordinal);
        Assert.Contains("1 shard of 4 is not done (2)", Run(1, ["merge", "cut"]).Error, StringComparison.Ordinal);
        Assert.Contains("there is no shard 9", Run(1, ["shard", "cut", "--index", "9"]).Error, StringComparison.Ordinal);
        Assert.Contains("give --index N", Run(1, ["shard", "cut"]).Error, StringComparison.Ordinal);
        byte[] rows = File.ReadAllBytes(folder.File("pile.npy"));
        File.WriteAllBytes(folder.File("pile.npy"), [.. rows[..^4], .. new byte[4]]);
        Assert.Contains("are not those that were submitted", Run(1, ["shard", "cut", "--index", "2"]).Error, StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("pile.npy"), rows);
        Run(0, ["shard", "cut", "--index", "2"]);
        Run(3, ["merge", "cut"]);
        Run(0, ["merge", "cut", "--accept-excluded"]);
        foreach (
            string file in Directory
                .GetFiles(folder.File("whole"), "*.json", SearchOption.AllDirectories)
                .Append(folder.File("whole/llc.csv"))
        )
        {
            string same = file.Replace(folder.File("whole"), folder.File("cut"), StringComparison.Ordinal);
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(same));
        }

        CommandRun Run(int code, string[] arguments)
        {
            CommandRun run = BuiltProgram.Run(folder.Path, arguments);
            Assert.True(run.ExitCode == code, $"{string.Join(' ', arguments)}: exit code {run.ExitCode}: {run.Error} {run.Output}");
            return run;
        }
    }

    [Fact]
    public void Scores_and_evaluations_of_checkpoints_in_shards_have_the_bytes_of_one_process()
    {
        using TemporaryFolder folder = new();
        string[] local = ["--shards", "3", "--engine", "local", "--cpus", "1"];
        files.CopyInputs(["runs/pile", "heldout.npy", "runs/regression"], folder.Path);
        string data = folder.File("heldout.npy");
        Run(["scores", folder.File("runs/pile"), "--data", data, "--rows", "4", "--samples", "6", "--out", "scores"]);
        Run(["submit", "scores", "--run", "runs/pile", "--data", data, "--rows", "4", "--samples", "6", "--out", "scores-cut", .. local]);
        AssertSame("scores", "scores.csv", "scores.json");

        string regression = folder.File("runs/regression");
        Run(["regression", "evaluate", "--run", regression, "--sequences", "64", "--outputs", "8", "--out", "evaluation"]);
        Run([
            "submit",
            "regression-evaluate",
            "--run",
            regression,
            "--sequences",
            "64",
            "--outputs",
            "8",
            "--out",
            "evaluation-cut",
            .. local,
        ]);
        AssertSame("evaluation", "evaluation.csv", "evaluation.json", "outputs.npz");

        void AssertSame(string name, params string[] names) =>
            Assert.All(names, file =>
                Assert.Equal(File.ReadAllBytes(folder.File($"{name}/{file}")), File.ReadAllBytes(folder.File($"{name}-cut/{file}")))
            );

        void Run(string[] arguments)
        {
            CommandRun run = BuiltProgram.Run(folder.Path, arguments);
            Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: exit code {run.ExitCode}: {run.Error} {run.Output}");
        }
    }
}

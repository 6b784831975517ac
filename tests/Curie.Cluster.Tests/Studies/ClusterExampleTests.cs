using System.Diagnostics;
using Curie.Studies.Sharding;
using Curie.Tests;

namespace Curie.Cluster.Tests.Studies;

/// <summary>The example of a study in shards, examples/cluster, at a tiny size.</summary>
[Collection(CurieCollection.Name)]
public sealed class ClusterExampleTests : IDisposable
{
    private static readonly (string File, string Full, string Tiny)[] Sizes =
    [
        ("train.yaml", "\nsteps: 500", "\nsteps: 10"),
        ("train.yaml", "warmup_steps: 50", "warmup_steps: 5"),
        ("run.sh", "checkpoint-500", "checkpoint-10"),
        ("experiment.yaml", "checkpoint-500", "checkpoint-10"),
        ("experiment.yaml", "draws: 24", "draws: 8"),
        ("experiment.yaml", "burn_in: 30", "burn_in: 4"),
        ("experiment.yaml", "loss_rows: 24", "loss_rows: 4"),
        ("experiment.yaml", "rows: 16", "rows: 4"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_example_merges_the_bytes_of_one_process_and_does_nothing_when_it_is_given_again()
    {
        foreach (string file in Directory.GetFiles(RepositoryFiles.Of("examples/cluster")))
        {
            string name = Path.GetFileName(file);
            string text = File.ReadAllText(file);
            foreach ((_, string full, string tiny) in Sizes.Where(size => size.File == name))
            {
                Assert.Contains(full, text, StringComparison.Ordinal);
                text = text.Replace(full, tiny, StringComparison.Ordinal);
            }

            File.WriteAllText(_folder.File(name), text);
        }

        Assert.Contains("of 6 shards 6 done", Example(), StringComparison.Ordinal);
        DateTime merged = File.GetLastWriteTimeUtc(_folder.File($"work/study/{ShardMerger.RecordName}"));
        Assert.Contains("of 6 shards 6 done", Example(), StringComparison.Ordinal);
        Assert.Equal(merged, File.GetLastWriteTimeUtc(_folder.File($"work/study/{ShardMerger.RecordName}")));

        string[] whole = ["susceptibility", "--config", "experiment.yaml", "--out", "whole", "--quiet"];
        using (Process process = CurieProgram.Start(_folder.File("work"), new Dictionary<string, string>(), whole))
        {
            CurieProgram.End(process, code: 0);
        }

        Assert.Equal(
            File.ReadAllBytes(_folder.File("work/whole/susceptibility.npz")),
            File.ReadAllBytes(_folder.File("work/study/susceptibility.npz"))
        );
    }

    private string Example()
    {
        ProcessStartInfo command = new("bash", [_folder.File("run.sh"), "work"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Environment["CURIE"] = CurieProgram.File;
        using Process process = Process.Start(command)!;
        return CurieProgram.End(process, code: 0);
    }
}
